import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { Stop } from '../toolchain/stop.mjs';
import { chooseRuntime, inWords, runtimes } from './choose-runtime.mjs';
import { inContainer } from './container.mjs';
import { imageLack } from './images.mjs';
import { firstTaken, freePort, listenerOf } from './ports.mjs';
import { placesOf } from './places.mjs';
import { hasGone, isAlive, readRecord, removeRecord, writeRecord } from './process-record.mjs';
import { lastLines } from './programs.mjs';

const startMs = 60_000;
/** For an engine that was up before. */
const wakeMs = 15_000;
const stopMs = 30_000;
/** For one question whether the engine serves. */
const questionMs = 2_000;
const betweenQuestionsMs = 100;
/** What a killed server leaves behind can be in the way of the next one for a moment. */
const launches = 3;
/** A log that is longer is put aside at the next start; one old one is kept. */
const logBytes = 10_000_000;

/**
 * One engine on this machine: a process of its own that runs on when this one ends, found again by its record. It is the
 * server itself or, with Docker, the client of its container.
 * Every function that fails throws Stop with what to do about it.
 */
export class LocalEngine {
  /**
   * @param {import('./kinds.mjs').Kind} kind
   * @param {object} where
   * @param {string} where.dir
   * @param {string} where.bin
   * @param {number} [where.port] unset, the one it had before, or its default
   * @param {boolean} [where.yields] to a program that has the port: then a free one is taken
   * @param {import('./choose-runtime.mjs').Runtime} [where.runtime] unset, what chooseRuntime says
   */
  constructor(kind, { dir, bin, port, yields = false, runtime }) {
    this.kinds = { native: kind, docker: inContainer(kind) };
    this.dir = dir;
    this.wantedPort = port;
    this.wantedRuntime = runtime;
    this.yields = yields;
    this.places = placesOf(dir, bin, kind.name);
  }

  get name() {
    return this.kinds.native.name;
  }

  get title() {
    return this.kinds.native.title;
  }

  /** What it runs as, or would. @returns {import('./choose-runtime.mjs').Runtime} */
  get runtime() {
    const { record } = this;
    return this.process ? runtimeOf(record) : (this.wantedRuntime ?? runtimeOf(record) ?? 'native');
  }

  /** @returns {import('./kinds.mjs').Kind} */
  get kind() {
    return this.kinds[this.runtime];
  }

  /** The last process that was started, alive or not. */
  get record() {
    return readRecord(this.places.record);
  }

  /** Its process, while it is alive. */
  get process() {
    const { record } = this;
    return record && isAlive(record) ? record : undefined;
  }

  /** @returns {import('./kinds.mjs').Place} */
  get place() {
    const { record } = this;
    const port = this.process?.port ?? this.wantedPort ?? record?.port ?? this.kind.port;
    return { ...this.places, data: this.places.data[this.runtime], port };
  }

  /** How to reach it. */
  get coordinates() {
    return this.kind.elsewhere?.() ?? this.kind.coordinates(this.place);
  }

  /**
   * Settles what it runs as, and fetches what is missing for that.
   * @param {(text: string) => void} report
   * @returns {Promise<string | undefined>} why it is not its image, where that was looked for
   */
  async provision(report) {
    await mkdir(this.places.bin, { recursive: true });
    const { runtime, why } = await chooseRuntime(await this.facts(), () => imageLack(this.name, report));
    this.wantedRuntime = runtime;
    try {
      await this.kind.provision(this.place, report);
    } catch (error) {
      throw why && error instanceof Stop ? new Stop(`${error.message}\nNor from its image: ${why}.`) : error;
    }
    return why;
  }

  async facts() {
    return {
      asked: this.wantedRuntime,
      had: runtimeOf(this.record),
      wrote: runtimes.filter((runtime) => existsSync(this.places.data[runtime])),
      program: await this.kinds.native.provisioned(this.place),
    };
  }

  /** Starts it where it does not run, and resolves once it serves. */
  async start() {
    if (this.process) return this.untilReady(() => this.process !== undefined, wakeMs);
    await this.reclaim();
    await this.settlePort();
    await mkdir(dirname(this.place.data), { recursive: true });
    await this.kind.prepare?.(this.place);
    for (let launch = 1; ; launch++) {
      try {
        return await this.launch();
      } catch (error) {
        if (this.process || launch === launches) throw error;
        await pause(500);
      }
    }
  }

  /** Ends it as it likes to be ended, with -9 when that takes too long. It can be started again, at the same port. */
  async stop() {
    const { process: running, kind, place } = this;
    if (!running) return;
    await this.signal(running, kind.stopSignal ?? 'SIGTERM');
    if (await hasGone(running, stopMs)) await kind.stopped?.(place);
    else await this.kill();
  }

  /** After this nobody knows that it was ever started. */
  async forget() {
    await this.reclaim();
    await removeRecord(this.places.record);
  }

  /** Ends it with -9. It can be started again, at the same port. */
  async kill() {
    const running = this.process;
    if (!running) return;
    await this.signal(running, 'SIGKILL');
    if (await hasGone(running, stopMs)) return;
    throw new Stop(`${this.title}: process ${running.pid} did not end even with -9.`);
  }

  /** Stops it where it runs, and starts it again at the same port. */
  async restart() {
    await this.stop();
    await this.start();
  }

  /** Why it does not serve now, or undefined; answers within two seconds. @returns {Promise<string | undefined>} */
  silence() {
    const late = pause(questionMs, `no answer in ${questionMs / 1000} s`, { ref: false });
    const answer = this.kind.ready(this.place).then(
      () => undefined,
      ({ message, code, cause }) => cause?.message || message || String(code),
    );
    return Promise.race([answer, late]);
  }

  /** Removes what it wrote. */
  async wipe() {
    for (const data of Object.values(this.places.data)) await rm(data, { recursive: true, force: true });
  }

  async signal({ pid }, signal) {
    if (this.kind.signal) await this.kind.signal(this.place, signal);
    else process.kill(pid, signal);
  }

  /** Ends what outlived the process of its record. */
  async reclaim() {
    const last = runtimeOf(this.record);
    if (!this.process && last)
      await this.kinds[last].reclaim?.({ ...this.place, data: this.places.data[last] });
  }

  async launch() {
    const { place } = this;
    const { command, args, env } = await this.kind.command(place);
    const log = await openLog(place.log);
    const child = spawn(command, args, {
      cwd: place.data,
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env },
    });
    closeSync(log);
    let ended = false;
    child.once('error', () => (ended = true)).once('exit', () => (ended = true));
    child.unref();
    if (child.pid === undefined) throw new Stop(`${this.title}: ${command} cannot be started.`);
    await writeRecord(this.places.record, { pid: child.pid, port: place.port, runtime: this.runtime });
    await this.untilReady(() => !ended, startMs);
    await this.kind.furnish?.(place);
  }

  /**
   * @param {() => boolean} lives
   * @param {number} withinMs
   */
  async untilReady(lives, withinMs) {
    const { log } = this.places;
    let silence = await this.silence();
    for (const deadline = Date.now() + withinMs; silence !== undefined; silence = await this.silence()) {
      if (!lives()) throw new Stop(`${this.title} ended at its start:\n${await lastLines(log)}\n${log}`);
      if (Date.now() > deadline) throw new Stop(await this.describeSilence(silence, withinMs));
      await pause(betweenQuestionsMs);
    }
  }

  async describeSilence(silence, withinMs) {
    const { log } = this.places;
    return (
      `${this.title} runs but did not serve within ${withinMs / 1000} s (${silence}). ` +
      `Try: npm run engines -- restart --only ${this.name}\n${await lastLines(log)}\n${log}`
    );
  }

  /** Throws Stop when it runs on another port than the wanted one, or as something else. */
  refuseChange() {
    const running = this.process;
    if (!running) return;
    const { wantedPort = running.port, wantedRuntime = this.runtime } = this;
    if (wantedPort !== running.port) this.refuse(`on port ${running.port}`);
    if (wantedRuntime !== this.runtime) this.refuse(inWords[this.runtime]);
  }

  refuse(how) {
    throw new Stop(
      `${this.title} runs already, ${how}: npm run engines -- down --only ${this.name}, then up again.`,
    );
  }

  async settlePort() {
    const ports = this.kind.ports ?? ((port) => [port]);
    const taken = await firstTaken(ports(this.place.port));
    if (taken === undefined) return;
    if (this.yields) this.wantedPort = await freePort(ports);
    else
      throw new Stop(
        `Port ${taken} is taken by ${listenerOf(taken) ?? 'another program'}, which this folder did not start. ` +
          `End it, choose another port (--port ${this.name}=N), or let a free one be taken (--free-ports).`,
      );
  }
}

/** Older records say nothing of it. */
const runtimeOf = (record) => record && (record.runtime ?? 'native');

async function openLog(file) {
  await mkdir(dirname(file), { recursive: true });
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > logBytes) await rename(file, `${file}.old`);
  return openSync(file, 'a');
}
