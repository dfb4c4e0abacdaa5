#!/usr/bin/env node
// `npm run distributed`: one process per service on real engines, behind one address.
import { runTool } from '../toolchain/stop.mjs';
import { distributed } from './distributed.mjs';

await runTool(() => distributed(process.argv.slice(2)));
