import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRoot, nobody } from '../users.mjs';

/** Root's right to pass, also for questions whether one may (access(2) takes it away from others without the bit). */
const passEverywhere = [
  ...['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
];

/**
 * A command for a user that PostgreSQL accepts: it refuses to run as root, and runs as nobody then.
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder that it must be able to reach
 */
export function asServer(command, args, folder) {
  if (!isRoot) return { command, args };
  const who = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  const pass = isOpen(folder) && isOpen(command) ? [] : passEverywhere;
  return { command: 'setpriv', args: [...who, ...pass, command, ...args] };
}

/** Whether anybody can pass through all folders above: not so under /root, where the server needs root's pass. */
function isOpen(path) {
  const parent = dirname(path);
  if (parent === path) return true;
  return (statSync(parent).mode & 0o001) !== 0 && isOpen(parent);
}
