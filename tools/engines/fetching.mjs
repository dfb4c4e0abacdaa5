import { spawn } from 'node:child_process';
import { Stop } from '../toolchain/stop.mjs';

/**
 * Runs a program that fetches or sets something up; its output is shown only when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export async function fetchWith(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const listen = (chunk) => (said = (said + chunk).slice(-4_000));
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Stop(`${command} ${args[0] ?? ''} failed (${code}):\n${said.trim()}`);
}

/** @param {string} command */
export const isInstalled = (command) =>
  fetchWith('sh', ['-c', `command -v ${command}`]).then(
    () => true,
    () => false,
  );
