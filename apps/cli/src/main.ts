#!/usr/bin/env node
import { runCli } from './run-cli.ts';
import { readSettings } from './settings.ts';

process.exitCode = await runCli(process.argv.slice(2), readSettings());
