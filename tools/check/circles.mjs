#!/usr/bin/env node
// Prints every circle of imports; exit code 1 when there is one.
import { circles, readImports } from './import-circles.mjs';

const found = circles(readImports());
for (const circle of found) console.log(circle.join('\n  -> '));
process.exitCode = found.length > 0 ? 1 : 0;
