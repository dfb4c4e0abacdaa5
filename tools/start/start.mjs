import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startNode } from '../toolchain/children.mjs';
import { prepare, pullModels } from '../toolchain/prepare.mjs';
import { root } from '../toolchain/root.mjs';
import { serverEnvironment, serverOptions } from '../toolchain/server-options.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { welcome } from './welcome.mjs';

/** As shells say it: 128 and SIGKILL, from outside or for want of memory. */
const killed = 128 + 9;

/** Written after a first pull that found everything. */
const pulledBefore = join(root, 'dist/models-pulled');

/**
 * @param {string[]} args for the server
 * @returns {Promise<number>} the server's exit code
 */
export async function start(args) {
  await prepare();
  // With any argument the server answers and ends.
  if (args.length > 0) return runServer(args);
  if (!existsSync(pulledBefore)) {
    await pullOrStop();
    await writeFile(pulledBefore, '');
  }
  return runServer(args);
}

async function pullOrStop() {
  if (!(await pullModels()))
    throw new Stop('Without its models Millrace cannot search: see above. What was fetched is kept.');
}

/** A model file may have gone since: a server without it starts, is not ready, and takes it up once it is there. */
async function pullWhenMissing(url) {
  // One that does not answer has ended, which is told where its end is waited for.
  const ready = await fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => true,
  );
  if (!ready) await pullOrStop().catch((error) => console.error(error.message));
}

/** The server says over the channel where it listens and where its data lies, once it is ready. */
async function runServer(args) {
  const { child, exited } = startNode([...serverOptions, 'dist/apps/standalone/main.js', ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: serverEnvironment,
  });
  child.once('message', async (/** @type {{ url: string, dataDir: string }} */ ready) => {
    await pullWhenMissing(ready.url);
    await welcome(ready);
  });
  const code = await exited;
  if (code === killed)
    console.error('\nThe server was killed. What it accepted is kept: npm start goes on with it.');
  return code;
}
