#!/usr/bin/env node
// `npm run engines -- up | down | status`: Kafka, Redis, PostgreSQL, an S3 store and Qdrant on this machine.
import { runNode } from '../toolchain/children.mjs';
import { installPackages } from '../toolchain/packages.mjs';
import { runTool } from '../toolchain/stop.mjs';

await runTool(async () => {
  await installPackages();
  return runNode(['tools/engines/command.mjs', ...process.argv.slice(2)]);
});
