import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Stop } from '../toolchain/stop.mjs';

const run = promisify(execFile);
const release = 'qdrant-edge-py==0.9.0';
const installMs = 300_000;

const python = (/** @type {string} */ dir) => join(dir, 'venv', 'bin', 'python');
/** Written last, so that a venv that was left half made is made again. */
const mark = (/** @type {string} */ dir) => join(dir, 'venv', `${release}.done`);

/** @param {string} dir */
export const isProvisioned = (dir) => existsSync(mark(dir));

/**
 * Makes a Python environment with Qdrant Edge in `dir/venv`, unless it is there. Needs Python 3.10 or newer with venv.
 * @param {string} dir
 * @param {(text: string) => void} report
 */
export async function provision(dir, report) {
  if (isProvisioned(dir)) return;
  report(`installing ${release} from PyPI (35 MB)`);
  await mkdir(dir, { recursive: true });
  try {
    await run('python3', ['-m', 'venv', '--clear', join(dir, 'venv')], { timeout: installMs });
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    await run(python(dir), ['-m', 'pip', 'install', ...options, release], { timeout: installMs });
  } catch (error) {
    throw new Stop(`Qdrant Edge cannot be installed: ${reasonOf(error)}`);
  }
  await writeFile(mark(dir), '');
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
    command: python(dir),
    args: [server, '--port', String(port), '--data', data],
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  };
}

const reasonOf = (error) =>
  String(error.stderr || error.message)
    .trim()
    .split('\n')
    .at(-1);
