#!/usr/bin/env node
// `node tools/run/main.mjs [--build] [--models] ENTRY ARGS...`: runs a bundle of dist/ under the pinned Node. Bundles
// first with --build, or when the bundle is not there; fetches the models that are missing with --models.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from '../toolchain/children.mjs';
import { prepare, pullModels } from '../toolchain/prepare.mjs';
import { root } from '../toolchain/root.mjs';
import { runTool, Stop } from '../toolchain/stop.mjs';

const given = process.argv.slice(2);
const first = given.findIndex((argument) => !argument.startsWith('--'));
const flags = given.slice(0, first);
const [entry = '', ...args] = given.slice(first);

await runTool(async () => {
  if (flags.includes('--build') || !existsSync(join(root, entry))) await prepare();
  if (flags.includes('--models') && !(await pullModels()))
    throw new Stop('Without its models Millrace cannot search. Is the network reachable?');
  return runNode([entry, ...args]);
});
