import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Stop } from '../toolchain/stop.mjs';

const startMs = 60_000;
const stopMs = 30_000;

/**
 * Starts, finds, stops and kills the engines of one folder. They run on when this process ends.
 * @typedef {import('./kinds.mjs').Kind} Kind
 */
export class Supervisor {
  /**
   * @param {string} dir
   * @param {Record<string, number>} ports
   */
  constructor(dir, ports) {
    this.dir = dir;
    this.ports = ports;
  }

  /** @param {Kind} kind */
  place({ name }) {
    return {
      bin: join(this.dir, 'bin', name),
      data: join(this.dir, 'data', name),
      log: join(this.dir, 'log', `${name}.log`),
      port: this.running({ name })?.port ?? this.ports[name],
    };
  }

  /**
   * The process of an engine that this folder started and that is still the same one.
   * @returns {{ pid: number, port: number, at: string, birth: string } | undefined}
   */
  running({ name }) {
    const file = join(this.dir, 'run', `${name}.json`);
    if (!existsSync(file)) return undefined;
    const known = JSON.parse(readFileSync(file, 'utf8'));
    return birthOf(known.pid) === known.birth ? known : undefined;
  }

  /**
   * Brings an engine up and resolves once it answers.
   * @param {Kind} kind
   * @param {(text: string) => void} report
   */
  async up(kind, report) {
    if (this.running(kind)) return this.answering(kind, this.place(kind));
    const place = this.place(kind);
    await kind.provision(place, report);
    if (await answers(place.port))
      throw new Stop(`Port ${place.port} is taken by another program: --port ${kind.name}=N`);
    report('starting');
    await kind.prepare?.(place);
    await this.launch(kind, place);
    await this.answering(kind, place);
  }

  /** @param {Kind} kind */
  async down(kind) {
    const known = this.running(kind);
    if (!known) return false;
    process.kill(known.pid, 'SIGTERM');
    if (!(await gone(known, stopMs))) process.kill(known.pid, 'SIGKILL');
    await gone(known, stopMs);
    await this.forget(kind);
    return true;
  }

  /** As a power cut: nothing is flushed. The engine can be brought up again. @param {Kind} kind */
  async kill(kind) {
    const known = this.running(kind);
    if (!known) return false;
    process.kill(known.pid, 'SIGKILL');
    await gone(known, stopMs);
    await this.forget(kind);
    return true;
  }

  /** How to reach what is up. @param {readonly Kind[]} all */
  async writeState(all) {
    const entries = all.flatMap((kind) => {
      const elsewhere = kind.elsewhere?.();
      if (elsewhere) return [[kind.name, elsewhere]];
      return this.running(kind) ? [[kind.name, kind.coordinates(this.place(kind))]] : [];
    });
    await mkdir(this.dir, { recursive: true });
    const file = join(this.dir, 'state.json');
    await writeFile(`${file}.new`, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
    await rename(`${file}.new`, file);
  }

  async launch(kind, place) {
    const { command, args, env } = kind.command(place);
    await mkdir(join(this.dir, 'log'), { recursive: true });
    await mkdir(join(this.dir, 'run'), { recursive: true });
    const log = openSync(place.log, 'a');
    const child = spawn(command, args, {
      cwd: place.data,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
    });
    child.on('error', () => undefined);
    child.unref();
    const { pid } = child;
    if (pid === undefined) throw new Stop(`${command} cannot be started`);
    const known = { pid, port: place.port, at: new Date().toISOString(), birth: birthOf(pid) };
    await writeFile(join(this.dir, 'run', `${kind.name}.json`), JSON.stringify(known));
  }

  async answering(kind, { port, log }) {
    for (const deadline = Date.now() + startMs; Date.now() < deadline; await pause(50)) {
      if (await answers(port)) return;
      if (!this.running(kind)) throw new Stop(`${kind.name} ended at once:\n${await tail(log)}`);
    }
    throw new Stop(`${kind.name} did not answer in ${startMs / 1000} s:\n${await tail(log)}`);
  }

  forget = ({ name }) => rm(join(this.dir, 'run', `${name}.json`), { force: true });
}

/** Tells a process from a later one with the same number: when it began, in the kernel's count. */
function birthOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : fields[19];
  } catch {
    return isAlive(pid) && !existsSync('/proc/self/stat') ? 'alive' : '';
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone({ pid, birth }, withinMs) {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await pause(20))
    if (birthOf(pid) !== birth) return true;
  return false;
}

/** @returns {Promise<boolean>} whether something listens there */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const end = (answer) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });

const tail = async (log) => (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(-12).join('\n');
