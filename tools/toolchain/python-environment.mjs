import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stop } from './stop.mjs';

const run = promisify(execFile);
const installMs = 300_000;

/** @param {string} dir */
export const pythonIn = (dir) => join(dir, 'venv', 'bin', 'python');
/** Written last, so that an environment that was left half made is made again. */
const mark = (/** @type {string} */ dir) => join(dir, 'venv', 'installed');

/**
 * Whether `dir/venv` has exactly these packages.
 * @param {string} dir
 * @param {readonly string[]} packages as pip names them: `name==version`
 */
export const isMade = async (dir, packages) =>
  (await readFile(mark(dir), 'utf8').catch(() => '')) === packages.join('\n');

/**
 * Makes a Python environment with these packages in `dir/venv`, unless it is there. Needs Python 3.10 or newer with venv;
 * nothing is compiled. Throws `Stop` with pip's last word.
 * @param {string} dir
 * @param {readonly string[]} packages as pip names them: `name==version`
 */
export async function makeEnvironment(dir, packages) {
  if (await isMade(dir, packages)) return;
  await mkdir(dir, { recursive: true });
  try {
    await run('python3', ['-m', 'venv', '--clear', join(dir, 'venv')], { timeout: installMs });
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    await run(pythonIn(dir), ['-m', 'pip', 'install', ...options, ...packages], { timeout: installMs });
  } catch (error) {
    throw new Stop(`${packages[0]} cannot be installed: ${lastLine(error)}`);
  }
  await writeFile(mark(dir), packages.join('\n'));
}

const lastLine = (/** @type {any} */ error) =>
  String(error.stderr || error.message)
    .trim()
    .split('\n')
    .at(-1);
