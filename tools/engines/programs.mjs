import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { Stop } from '../toolchain/stop.mjs';

/** Characters of what a program said that are shown when it fails. */
const shown = 2_000;

/** Systems that lack a program get it by this, when we may. */
const debian = {
  'redis-server': 'redis-server',
  mvn: 'maven',
  java: 'default-jre-headless',
  go: 'golang-go',
};

/**
 * Runs a program to its end; what it says is shown only when it fails. Ctrl-C ends it too.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {(said: string) => void} hear what it says, as it comes
 * @returns {Promise<string>} what it said
 */
export async function run(command, args, options = {}, hear = () => undefined) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill();
  process.once('exit', end);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk) => {
      said = (said + chunk).slice(-shown);
      hear(chunk);
    });
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  process.off('exit', end);
  if (code !== 0) throw new Stop(`${[command, ...args].join(' ')} failed (${code}):\n${said.trim()}`);
  return said;
}

/**
 * The path of a program, or undefined.
 * @param {string} name
 * @param {string[]} folders besides those of PATH
 */
export function find(name, folders = []) {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...folders].filter((folder) => folder !== '');
  return places.map((folder) => join(folder, name)).find(canRun);
}

function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes sure that a program is there: installs Debian's package as root, else says what to type.
 * @param {keyof typeof debian} name
 * @param {(text: string) => void} report
 */
export async function need(name, report) {
  if (find(name)) return;
  const package_ = debian[name];
  if (process.getuid?.() !== 0 || !find('apt-get'))
    throw new Stop(`There is no ${name} on the PATH. On Debian: apt-get install ${package_}`);
  report(`installing ${package_}`);
  // The runlevel keeps a system service from being started.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', package_], { env });
}

/** @param {string} file */
export const lastLines = async (file, count = 8) =>
  (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-count).join('\n');
