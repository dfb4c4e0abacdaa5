import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { step } from './progress.mjs';
import { root } from './root.mjs';
import { Stop } from './stop.mjs';

/**
 * Whether what is installed is what the lockfile asks for. Optional packages may be missing: each platform takes its own.
 * @param {{ packages: Record<string, { version?: string, optional?: boolean }> }} lock package-lock.json
 * @param {{ packages: Record<string, { version?: string }> } | undefined} installed node_modules/.package-lock.json, which
 *   npm writes last of all
 */
export function matchesLock(lock, installed) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([path, { version, optional }]) => {
    const found = installed.packages[path];
    return path === '' || (found ? found.version === version : optional === true);
  });
}

/** Runs `npm ci` when node_modules is not what package-lock.json asks for; no npm call otherwise. */
export async function installPackages() {
  const lock = await readJson('package-lock.json');
  if (matchesLock(lock, await readJson('node_modules/.package-lock.json').catch(() => undefined))) return;
  const total = Object.values(lock.packages).filter(({ optional }) => !optional).length - 1;
  const progress = step('Installing packages');
  const counts = { 'looked up': 0, fetched: 0 };
  const { code, errors } = await npmCi((what) => {
    const count = Math.min(++counts[what], total);
    progress.update(counts.fetched < total ? `${what} ${count} of about ${total}` : 'unpacking');
  });
  if (code === 0) return progress.done('Packages installed');
  progress.failed('Packages could not be installed');
  throw new Stop(
    `${errors.slice(-12).join('\n')}\n\nnpm ci failed. Is the package registry reachable (npm ping)? Then start again.`,
  );
}

const readJson = async (path) => JSON.parse(await readFile(join(root, path), 'utf8'));

/**
 * @param {(what: 'looked up' | 'fetched') => void} onPackage called for each package, from the network or npm's cache
 * @returns {Promise<{ code: number, errors: string[] }>}
 */
function npmCi(onPackage) {
  const npm = process.env.npm_execpath;
  const command = npm ? (process.env.npm_node_execpath ?? process.execPath) : 'npm';
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=http'];
  const child = spawn(command, npm ? [npm, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: !npm && process.platform === 'win32',
  });
  const errors = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!/^npm http /.test(line)) errors.push(line);
    else onPackage(line.includes('.tgz') ? 'fetched' : 'looked up');
  });
  return new Promise((resolve, reject) => {
    child.on('error', () =>
      reject(new Stop('npm was not found. Install Node 20 or newer, which brings it.')),
    );
    child.on('close', (code) => resolve({ code: code ?? 1, errors }));
  });
}
