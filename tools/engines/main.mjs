#!/usr/bin/env node
// `npm run engines -- up | down | status`: Kafka, Redis, PostgreSQL, an S3 store and Qdrant on this machine.
import { runTool } from '../toolchain/stop.mjs';
import { engines } from './engines.mjs';

await runTool(() => engines(process.argv.slice(2)));
