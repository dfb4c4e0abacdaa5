#!/usr/bin/env node
// Prints every adapter that is not held to its port by the port's conformance suite; exit code 1 when there is one.
import { missingRuns, readFindings } from './adapter-runs.mjs';

const missing = missingRuns(readFindings());
for (const line of missing) console.log(line);
process.exitCode = missing.length > 0 ? 1 : 0;
