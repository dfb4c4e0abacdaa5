import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startNode } from '../toolchain/children.mjs';
import { prepare, pullModels } from '../toolchain/prepare.mjs';
import { root } from '../toolchain/root.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { welcome } from './welcome.mjs';

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
    return runServer(args);
  }
  // To look again takes as long as the server takes to start.
  const running = runServer(args);
  await pullOrStop().catch((error) => console.error(error.message));
  return running;
}

async function pullOrStop() {
  if (!(await pullModels()))
    throw new Stop(
      'Without its models Millrace cannot search. Is the network reachable? Then start again: what is there is kept.',
    );
}

/** The server says over the channel where it listens and where its data lies, once it is ready. */
function runServer(args) {
  const { child, exited } = startNode(['dist/apps/standalone/main.js', ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.once('message', (ready) => void welcome(ready));
  return exited;
}
