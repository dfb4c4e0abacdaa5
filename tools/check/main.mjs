#!/usr/bin/env node
// `npm run check`: format, lint with boundaries, types, import circles, runs of the adapters, generated files. Runs all of them, then says which failed.
import { runTool } from '../toolchain/stop.mjs';
import { check } from './check.mjs';

await runTool(check);
