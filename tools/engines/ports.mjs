import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * Whether something listens on a port of the loopback address.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export const isTaken = (port) =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const end = (answer) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });

/**
 * @param {number[]} ports
 * @returns {Promise<number | undefined>}
 */
export async function firstTaken(ports) {
  for (const port of ports) if (await isTaken(port)) return port;
  return undefined;
}

/**
 * A port below those that the system gives to clients, so that none of them is in the way later.
 * @param {(port: number) => number[]} ports all that must be free with it
 */
export async function freePort(ports) {
  for (;;) {
    const port = 20_000 + 2 * Math.floor(Math.random() * 5_000);
    if ((await firstTaken(ports(port))) === undefined) return port;
  }
}

/**
 * Who listens on a port, in words: `process 4711 (redis-server *:6379)`. Undefined where the system does not say.
 * @param {number} port
 * @returns {string | undefined}
 */
export function listenerOf(port) {
  try {
    const sockets = listeningSockets(port);
    const pid = pids().find((each) => holds(each, sockets));
    return pid && `process ${pid} (${commandLine(pid).slice(0, 80)})`;
  } catch {
    return undefined;
  }
}

/** Links as they stand in /proc/PID/fd: `socket:[123]`. */
const listeningSockets = (port) =>
  new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local = '', , state]) => state === listening && local.endsWith(`:${hexadecimal(port)}`))
        .map((fields) => `socket:[${fields[9]}]`),
    ),
  );

const listening = '0A';
const hexadecimal = (port) => port.toString(16).toUpperCase().padStart(4, '0');
const pids = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

function holds(pid, sockets) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOf(`/proc/${pid}/fd/${fd}`)));
  } catch {
    return false;
  }
}

function linkOf(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const commandLine = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
