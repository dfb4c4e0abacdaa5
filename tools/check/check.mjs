import { spawn } from 'node:child_process';
import { childEnvironment, pinnedNode } from '../toolchain/pinned-node.mjs';
import { prepare } from '../toolchain/prepare.mjs';
import { root } from '../toolchain/root.mjs';

/** The boundary rule of Nx reads a cached graph of the projects, and without one is silent. */
const graph = { name: 'project graph', script: 'node_modules/nx/dist/bin/nx.js', args: ['show', 'projects'] };

/** Each stands alone. The two long ones come first, so that two cores end about together. */
const checks = [
  { name: 'lint', script: 'node_modules/eslint/bin/eslint.js', args: ['.', '--max-warnings=0'] },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'format', script: 'node_modules/prettier/bin/prettier.cjs', args: ['--check', '.'] },
  { name: 'import circles', script: 'tools/check/circles.mjs', args: [] },
  { name: 'adapters held to their ports', script: 'tools/check/adapters.mjs', args: [] },
  { name: 'generated files', script: 'dist/tools/generate/main.js', args: ['--check'] },
];

/** How many checks run at a time. */
const lanes = 2;

/** @returns {Promise<number>} exit code: 1 when a check failed */
export async function check() {
  await prepare();
  if (!(await passes(graph))) return 1;
  const waiting = [...checks];
  const failed = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      if (!(await passes(next))) failed.push(next.name);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  console.log(failed.length === 0 ? '\nEverything is in order.' : `\nFailed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

/** Runs one check; shows what it printed only when it failed. */
async function passes({ name, script, args }) {
  const started = Date.now();
  const { code, output } = await capture([script, ...args]);
  const time = `(${((Date.now() - started) / 1000).toFixed(1)} s)`;
  console.log(code === 0 ? `✓ ${name} ${time}` : `✗ ${name} ${time}\n${output}`);
  return code === 0;
}

/** @returns {Promise<{ code: number, output: string }>} */
function capture(args) {
  const child = spawn(pinnedNode(), args, {
    cwd: root,
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
