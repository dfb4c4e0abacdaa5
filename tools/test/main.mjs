#!/usr/bin/env node
// `npm test [-- SUITE... FILTER...]`: every suite, or the named ones, or the files whose path holds a filter.
import { runTool } from '../toolchain/stop.mjs';
import { runSuites } from './run-suites.mjs';

await runTool(() => runSuites(process.argv.slice(2)));
