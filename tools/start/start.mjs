import { startNode } from '../toolchain/children.mjs';
import { prepare, pullModels } from '../toolchain/prepare.mjs';
import { Stop } from '../toolchain/stop.mjs';
import { welcome } from './welcome.mjs';

/** Arguments with which the server answers and ends. */
const questions = new Set(['--check-config', '--help', '--version']);

/**
 * @param {string[]} args for the server
 * @returns {Promise<number>} the server's exit code
 */
export async function start(args) {
  await prepare();
  const serve = !args.some((arg) => questions.has(arg));
  if (serve && !(await pullModels()))
    throw new Stop(
      'Without its models Millrace cannot search. Is the network reachable? Then start again: what is there is kept.',
    );
  return runServer(args);
}

/** The server says over the channel where it listens and where its data lies, once it is ready. */
async function runServer(args) {
  const { child, exited } = startNode(['dist/apps/standalone/main.js', ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.once('message', (ready) => void welcome(ready));
  return exited;
}
