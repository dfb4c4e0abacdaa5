import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { childEnvironment, pinnedNode } from '../toolchain/pinned-node.mjs';
import { root } from '../toolchain/root.mjs';
import { serverEnvironment, serverOptions } from '../toolchain/server-options.mjs';
import { Stop } from '../toolchain/stop.mjs';

/** A process that dies is started again after this, doubled at each death in a row up to the longest. */
const firstPauseMs = 200;
const longestPauseMs = 5_000;
/** One that lived so long has not died in a row. */
const healthyMs = 10_000;

/** kafkajs 2.2 asks for a pause until a time that is past, once in each process: harmless. */
const quiet = '--disable-warning=TimeoutNegativeWarning';

/** The exit code of a service that was told something wrong: starting it again would change nothing. */
const refusesSettings = 2;

/**
 * Processes that are kept running, each at an address of its own that outlives it.
 * @typedef {{ name: string, app: string, env: Record<string, string>, port: number,
 *   child?: import('node:child_process').ChildProcess, startedAt: number, deaths: number,
 *   up: PromiseWithResolvers<void> }} Member `up`: it has answered once
 */
export class Fleet {
  /** @type {Member[]} */
  members = [];
  stopping = false;

  /**
   * @param {string} dir where the table of processes is kept
   * @param {Record<string, string>} env for all
   */
  constructor(dir, env) {
    this.dir = dir;
    this.env = env;
  }

  /**
   * Starts a process and resolves once it answers, however often it has to be started for that; rejects when it refuses
   * its settings. `port` 0: a free one.
   * @returns {Promise<string>} its address
   */
  async add(name, app, { port = 0, env = {} } = {}) {
    const up = withResolvers();
    const member = { name, app, env, port: port || (await freePort()), startedAt: 0, deaths: 0, up };
    this.members.push(member);
    await this.launch(member);
    await up.promise;
    return `http://127.0.0.1:${member.port}`;
  }

  /** Stops all of an app, asks first. */
  async stop(app) {
    const own = this.members.filter((member) => app === undefined || member.app === app);
    await Promise.all(own.map((member) => end(member)));
  }

  async launch(member) {
    member.startedAt = Date.now();
    const main = join(root, 'dist/apps', member.app, 'main.js');
    const child = spawn(pinnedNode(), [...serverOptions, quiet, '--enable-source-maps', main], {
      cwd: root,
      env: {
        ...serverEnvironment,
        ...serviceEnvironment(),
        ...this.env,
        ...member.env,
        MILLRACE_PORT: String(member.port),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    member.child = child;
    child.once('message', () => member.up.resolve());
    child.once('exit', (code, signal) => this.died(member, signal ?? code));
    await this.writeTable();
  }

  died(member, how) {
    if (this.stopping) return;
    if (how === refusesSettings)
      member.up.reject(new Stop(`${member.name} does not start with these settings; it says above why.`));
    member.deaths = Date.now() - member.startedAt > healthyMs ? 1 : member.deaths + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (member.deaths - 1));
    console.error(`  ${member.name} ended (${how}); again in ${pauseMs} ms`);
    setTimeout(() => this.stopping || void this.launch(member), pauseMs);
  }

  /** Written whole or not at all: others read it while it changes. */
  async writeTable() {
    const rows = this.members.map(({ name, app, port, child }) => ({ name, app, port, pid: child?.pid }));
    const file = join(this.dir, 'processes.json');
    const fresh = `${file}.${randomUUID()}.new`;
    await writeFile(fresh, `${JSON.stringify(rows, null, 2)}\n`);
    await rename(fresh, file);
  }
}

/** Where the engines keep their state is for the tools to know; a service refuses settings that are not its own. */
const serviceEnvironment = () => ({ ...childEnvironment(), MILLRACE_ENGINES: undefined });

function end({ child }) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return undefined;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** Node has it of its own from 22 on. */
function withResolvers() {
  let resolve, reject;
  const promise = new Promise((...given) => ([resolve, reject] = given));
  return { promise, resolve, reject };
}
