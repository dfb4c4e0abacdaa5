import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMade, makeEnvironment, pythonIn } from '../toolchain/python-environment.mjs';

const release = 'qdrant-edge-py==0.9.0';

/** @param {string} dir */
export const isProvisioned = (dir) => isMade(dir, [release]);

/**
 * Makes a Python environment with Qdrant Edge in `dir/venv`, unless it is there.
 * @param {string} dir
 * @param {(text: string) => void} report
 */
export async function provision(dir, report) {
  if (await isProvisioned(dir)) return;
  report(`installing ${release} from PyPI (35 MB)`);
  await makeEnvironment(dir, [release]);
}

/**
 * How to run it on loopback; what it writes lies in `dir/collections`.
 * @param {string} dir where `provision` made the environment
 * @param {number} port
 * @returns {{ command: string, args: string[], env: Record<string, string> }}
 */
export function command(dir, port, data = join(dir, 'collections')) {
  const server = fileURLToPath(new URL('server.py', import.meta.url));
  return {
    command: pythonIn(dir),
    args: [server, '--port', String(port), '--data', data],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  };
}
