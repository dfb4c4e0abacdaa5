import { openSync, closeSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { Stop } from '../toolchain/stop.mjs';
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
 * One engine on this machine: a process of its own that runs on when this one ends, found again by its record.
 * Every function that fails throws Stop with what to do about it.
 */
export class LocalEngine {
  /**
   * @param {import('./kinds.mjs').Kind} kind
   * @param {{ dir: string, bin: string, port?: number | undefined, yields?: boolean }} where `port`: unset, the one it had
   *   before, or its default; `yields`: a free one where another program has it
   */
  constructor(kind, { dir, bin, port, yields = false }) {
    this.kind = kind;
    this.dir = dir;
    this.wantedPort = port;
    this.yields = yields;
    this.places = placesOf(dir, bin, kind.name);
  }

  get name() {
    return this.kind.name;
  }

  get title() {
    return this.kind.title;
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
    return { ...this.places, port };
  }

  /** How to reach it. */
  get coordinates() {
    return this.kind.elsewhere?.() ?? this.kind.coordinates(this.place);
  }

  /** @param {(text: string) => void} report */
  async provision(report) {
    await mkdir(this.places.bin, { recursive: true });
    await this.kind.provision(this.place, report);
  }

  /** Starts it where it does not run, and resolves once it serves. */
  async start() {
    if (this.process) return this.untilReady(() => this.process !== undefined, wakeMs);
    await this.settlePort();
    await mkdir(dirname(this.places.data), { recursive: true });
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
    const running = this.process;
    if (!running) return;
    process.kill(running.pid, this.kind.stopSignal ?? 'SIGTERM');
    if (await hasGone(running, stopMs)) await this.kind.stopped?.(this.place);
    else await this.kill();
  }

  /** After this nobody knows that it was ever started. */
  forget() {
    return removeRecord(this.places.record);
  }

  /** Ends it with -9. It can be started again, at the same port. */
  async kill() {
    const running = this.process;
    if (!running) return;
    process.kill(running.pid, 'SIGKILL');
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
  wipe() {
    return rm(this.places.data, { recursive: true, force: true });
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
    await writeRecord(this.places.record, { pid: child.pid, port: place.port });
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

  /** Throws Stop when it runs on another port than the wanted one. */
  refuseOtherPort() {
    const running = this.process;
    if (!running || this.wantedPort === undefined || this.wantedPort === running.port) return;
    throw new Stop(
      `${this.title} runs already, on port ${running.port}: npm run engines -- down --only ${this.name}, then up again.`,
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

async function openLog(file) {
  await mkdir(dirname(file), { recursive: true });
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size > logBytes) await rename(file, `${file}.old`);
  return openSync(file, 'a');
}
