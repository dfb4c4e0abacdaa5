import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { childEnvironment, pinnedNode } from './pinned-node.mjs';
import { root } from './root.mjs';

/** A second signal within this time is the same key press, delivered by npm as well as by the terminal. */
const samePressMs = 500;

const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Starts a script under the pinned Node in a process group of its own and forwards signals to it, each press once.
 * @param {string[]} args script and its arguments
 * @param {{ stdio?: import('node:child_process').StdioOptions, env?: Record<string, string | undefined> }} options
 */
export function startNode(args, { stdio = 'inherit', env } = {}) {
  const child = spawn(pinnedNode(), args, {
    cwd: root,
    stdio,
    env: { ...childEnvironment(), ...env },
    detached: process.platform !== 'win32',
  });
  const forward = oncePerPress((signal) => child.kill(signal));
  for (const signal of signals) process.on(signal, forward);
  const orphaned = onOrphaned(() => child.kill('SIGTERM'));
  const exited = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      clearInterval(orphaned);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
  return { child, exited: /** @type {Promise<number>} */ (exited) };
}

/**
 * @param {(signal: NodeJS.Signals) => void} forward
 * @param {() => number} now milliseconds
 */
export function oncePerPress(forward, now = Date.now) {
  let last = -Infinity;
  return (/** @type {NodeJS.Signals} */ signal) => {
    const press = now();
    if (press - last >= samePressMs) forward(signal);
    last = press;
  };
}

/**
 * npm passes SIGTERM to a shell that dies of it and tells nobody: all that is seen here is that the parent has gone.
 * @param {() => void} act called once
 */
function onOrphaned(act) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, 500);
  return timer;
}

/**
 * Runs a script under the pinned Node to its end.
 * @returns {Promise<number>} its exit code
 */
export const runNode = (args, options) => startNode(args, options).exited;
