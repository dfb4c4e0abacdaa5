import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';
import type { DocumentParser, ParsedDocument, ParserInput } from '@millrace/ports';
import { FairPlaces } from './child/fair-places.ts';
import { ParserProcess } from './child/parser-process.ts';
import { fromWire, type ParseReply } from './child/protocol.ts';

export interface DocumentParserOptions {
  /** The folder of the bundled workers; `parser.js` in it is started. */
  readonly workersDir: URL;
  /**
   * Child processes, and so files read at a time: the first at once, others when they are needed; one more when these
   * are busy and a group comes that has none. Default 1.
   */
  readonly processes?: number | undefined;
  /** Memory that a child process may take, buffers included, in MB. Default 512. */
  readonly memoryMb?: number | undefined;
  /** Processor time that one file may take, in ms; by the clock 2.5 times as long, and a hurried one as long. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** What an archive (DOCX, PPTX, XLSX) may unpack to, in MB. Default 256. */
  readonly maxExpandedMb?: number | undefined;
  /** Text that one document may have, in UTF-16 units; more is refused with `too_many_chunks`. Default 20,000,000. */
  readonly maxTextChars?: number | undefined;
  /** Files that may wait for a process, half of them of one group; more are refused with `queue_full`. Default 256. */
  readonly maxWaiting?: number | undefined;
  /** A process is replaced after this many files, against slow leaks. Default 2,000. */
  readonly maxFilesPerProcess?: number | undefined;
  /** A process that has grown beyond this is replaced after its file, in MB. Default three eighths of `memoryMb`. */
  readonly recycleAboveMb?: number | undefined;
  /** A process without a file for this long is ended while another waits for one too, in ms. Default 30,000. */
  readonly idleMs?: number | undefined;
}

const megabyte = 1024 * 1024;
/** For a group that has none while one group has all others. */
const spareProcesses = 1;
/** What is small costs as much as this. */
const smallBytes = 65_536;

/** What is longer takes a third of a second and more. */
const longBytes = megabyte / 2;

/** The last process has ended, and another is to take its place: so long after, in ms; longer where none comes up. */
const restartMs = 1_000;
/** The kernel, short of memory, ends what is largest: a file that was being read so often is what makes it so. */
const mostKills = 3;
/** Files of which it is known that their processes were killed. */
const mostKilled = 1_000;

/** A process without a file, and what will end it. */
interface Resting {
  readonly process: ParserProcess;
  readonly timer: NodeJS.Timeout;
}

/** Reads documents in child processes that are kept warm: what kills or stalls one of them fails alone. */
export class ChildProcessDocumentParser implements DocumentParser {
  private readonly options: Required<{
    [K in keyof DocumentParserOptions]: NonNullable<DocumentParserOptions[K]>;
  }>;
  private readonly places: FairPlaces;
  /** The one that comes last is taken first, so that those at the front are ended when there is little to do. */
  private readonly idle: Resting[] = [];
  private readonly all = new Set<ParserProcess>();
  /** All that came so far: only with several of them is one process more than `processes` ever of use. */
  private readonly groups = new Set<string>();
  private closed = false;
  /** In a row. */
  private failedStarts = 0;
  /** Of files that have a place and whose process is being started: what takes one that is free before. */
  private readonly waiting = new Set<(freed: ParserProcess) => void>();
  /** Of files whose processes were killed from outside: how often, by hash. */
  private readonly killed = new Map<string, number>();

  constructor({ memoryMb = 512, ...options }: DocumentParserOptions) {
    this.options = {
      workersDir: options.workersDir,
      memoryMb,
      processes: options.processes ?? 1,
      timeoutMs: options.timeoutMs ?? 60_000,
      maxExpandedMb: options.maxExpandedMb ?? 256,
      maxTextChars: options.maxTextChars ?? 20_000_000,
      maxWaiting: options.maxWaiting ?? 256,
      maxFilesPerProcess: options.maxFilesPerProcess ?? 2000,
      recycleAboveMb: options.recycleAboveMb ?? (memoryMb * 3) / 8,
      idleMs: options.idleMs ?? 30_000,
    };
    const { processes, maxWaiting } = this.options;
    this.places = new FairPlaces({ places: processes, spare: spareProcesses, maxWaiting });
    this.rest(this.start());
  }

  async parse(input: ParserInput, signal?: AbortSignal): Promise<ParsedDocument> {
    const { group = '', bytes } = input;
    if (this.groups.size < 2) this.groups.add(group);
    const cost = 1 + Math.floor(bytes.byteLength / smallBytes);
    const giveBack = await this.places.take({ group, cost }, signal);
    try {
      if (bytes.byteLength > longBytes) await this.anotherIsUp();
      return await this.readIn(await this.freeProcess(), input, signal);
    } finally {
      giveBack();
    }
  }

  async healthy(): Promise<boolean> {
    if (this.closed) return false;
    return Promise.any([...this.all].map(({ ready }) => ready)).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    this.places.refuse(new MillraceError('shutting_down'));
    for (const process of this.all) process.kill('shutting_down');
    await Promise.all([...this.all].map(({ gone }) => gone));
  }

  private request({
    bytes,
    mediaType,
    filename,
    chunking,
  }: ParserInput): Parameters<ParserProcess['run']>[0] {
    const { maxExpandedMb, maxTextChars } = this.options;
    const limits = { maxExpandedBytes: maxExpandedMb * megabyte, maxTextChars };
    return { source: { bytes, mediaType, filename }, limits, chunking };
  }

  private async readIn(
    process: ParserProcess,
    input: ParserInput,
    signal: AbortSignal | undefined,
  ): Promise<ParsedDocument> {
    try {
      const reply = await process.run(this.request(input), { isHurried: input.hurried, signal });
      if (this.killed.size > 0) this.killed.delete(hashOf(input.bytes));
      return documentOf(reply);
    } catch (error) {
      const isSuspect = process.wasKilled && MillraceError.from(error).code === 'dependency_unavailable';
      throw isSuspect ? this.blamed(input.bytes, error) : error;
    } finally {
      this.release(process);
    }
  }

  private blamed(bytes: Uint8Array, error: unknown): unknown {
    const hash = hashOf(bytes);
    const kills = (this.killed.get(hash) ?? 0) + 1;
    this.killed.delete(hash);
    if (kills >= mostKills)
      return new MillraceError('parse_out_of_memory', {
        detail: `${kills} processes that read it were killed`,
      });
    this.killed.set(hash, kills);
    const [oldest] = this.killed.keys();
    if (this.killed.size > mostKilled) this.killed.delete(oldest!);
    return error;
  }

  /** One that is up; else whichever is first, one that is done with its file or one that starts for this file. */
  private freeProcess(): Promise<ParserProcess> {
    if (this.closed) throw new MillraceError('shutting_down');
    const rested = this.rested();
    const own = rested ?? this.starting() ?? this.start();
    this.startAhead(1);
    return rested ? Promise.resolve(rested) : this.firstOf(own);
  }

  private firstOf(own: ParserProcess): Promise<ParserProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<ParserProcess>();
    const take = (freed: ParserProcess): void => {
      this.rest(own);
      resolve(freed);
    };
    this.waiting.add(take);
    own.ready.then(
      () => this.waiting.delete(take) && resolve(own),
      (error: Error) => this.waiting.delete(take) && reject(error),
    );
    return promise;
  }

  /** One that nobody waits for. */
  private starting(): ParserProcess | undefined {
    const starting = this.idle.find(({ process }) => process.starting)?.process;
    if (starting) this.forget(starting);
    return starting;
  }

  private rested(): ParserProcess | undefined {
    const last = this.idle.findLast(({ process }) => process.up);
    if (last) this.forget(last.process);
    return last?.process;
  }

  /** Starting takes as long as reading many files: where there are several groups, the next one is not to wait for it. */
  private startAhead(wanted: number): void {
    const isUseful = this.groups.size > 1 && this.all.size < this.options.processes + spareProcesses;
    if (!this.closed && isUseful && this.idle.length < wanted) this.rest(this.startSpare());
  }

  /** A long file is begun when those who come meanwhile find a process: to start one beside it takes twice as long. */
  private async anotherIsUp(): Promise<void> {
    this.startAhead(2);
    await Promise.allSettled(this.idle.map(({ process }) => process.ready));
  }

  /** Replaces a process that is dead, worn out or grown; the next file finds the new one warm. */
  private release(process: ParserProcess): void {
    const free = this.isFit(process) ? process : this.replace(process);
    const [take] = free?.up ? this.waiting : [];
    if (free && take) {
      this.waiting.delete(take);
      take(free);
    } else if (free) this.rest(free);
  }

  private isFit({ alive, served, rssBytes }: ParserProcess): boolean {
    const { maxFilesPerProcess, recycleAboveMb } = this.options;
    return alive && served < maxFilesPerProcess && rssBytes <= recycleAboveMb * megabyte;
  }

  private rest(process: ParserProcess | undefined): void {
    if (!process?.alive) return;
    const timer = setTimeout(() => this.endUnlessLast(process), this.options.idleMs).unref();
    this.idle.push({ process, timer });
  }

  /** What a rush has started takes some 150 MB; one is kept warm. */
  private endUnlessLast(process: ParserProcess): void {
    const isLast = this.idle.length < 2;
    this.forget(process);
    if (isLast) this.rest(process);
    else process.kill('internal');
  }

  /** Whoever asks for our health sends no file before there is a process. */
  private keepOne(): void {
    if (this.closed || this.all.size > 0) return;
    const process = this.startSpare();
    if (process) this.rest(process);
    else this.keepOneSoon();
  }

  private keepOneSoon(): void {
    const ms = restartMs * 2 ** Math.min(this.failedStarts, 5);
    setTimeout(() => this.keepOne(), ms).unref();
  }

  private forget(process: ParserProcess): void {
    const at = this.idle.findIndex((resting) => resting.process === process);
    for (const { timer } of at < 0 ? [] : this.idle.splice(at, 1)) clearTimeout(timer);
  }

  private replace(worn: ParserProcess): ParserProcess | undefined {
    worn.kill('internal');
    return this.closed ? undefined : this.startSpare();
  }

  /** One that nobody waits for: that there is none now harms nobody. */
  private startSpare(): ParserProcess | undefined {
    try {
      return this.start();
    } catch {
      return undefined;
    }
  }

  private start(): ParserProcess {
    const { workersDir, memoryMb, timeoutMs } = this.options;
    const process = ParserProcess.start({ entry: new URL('parser.js', workersDir), memoryMb, timeoutMs });
    this.all.add(process);
    process.ready.then(
      () => (this.failedStarts = 0),
      () => this.failedStarts++,
    );
    void process.gone.then(() => {
      this.all.delete(process);
      this.forget(process);
      this.keepOneSoon();
    });
    return process;
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

function documentOf(reply: ParseReply): ParsedDocument {
  if (reply.kind === 'failed') throw new MillraceError(reply.code, { detail: reply.detail });
  return fromWire(reply.document);
}
