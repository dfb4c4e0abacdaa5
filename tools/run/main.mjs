#!/usr/bin/env node
// `node tools/run/main.mjs [--build] ENTRY ARGS...`: runs a bundle of dist/ under the pinned Node. Bundles first with
// --build, or when the bundle is not there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from '../toolchain/children.mjs';
import { prepare } from '../toolchain/prepare.mjs';
import { root } from '../toolchain/root.mjs';
import { runTool } from '../toolchain/stop.mjs';

const build = process.argv[2] === '--build';
const [entry = '', ...args] = process.argv.slice(build ? 3 : 2);

await runTool(async () => {
  if (build || !existsSync(join(root, entry))) await prepare();
  return runNode([entry, ...args]);
});
