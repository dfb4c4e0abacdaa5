import { MillraceError } from '@millrace/contracts';
import type { DocumentParser, ParsedDocument, ParserInput } from '@millrace/ports';
import { FairPlaces } from './child/fair-places.ts';
import { KilledFiles } from './child/killed-files.ts';
import { ParserProcess } from './child/parser-process.ts';
import { ProcessPool } from './child/process-pool.ts';
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

/** Reads documents in child processes that are kept warm: what kills or stalls one of them fails alone. */
export class ChildProcessDocumentParser implements DocumentParser {
  private readonly options: Required<{
    [K in keyof DocumentParserOptions]: NonNullable<DocumentParserOptions[K]>;
  }>;
  private readonly places: FairPlaces;
  private readonly pool: ProcessPool;
  private readonly killed = new KilledFiles();
  /** All that came so far, up to two: only with several of them is one process more than `processes` ever of use. */
  private readonly groups = new Set<string>();

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
    const { processes, maxWaiting, idleMs } = this.options;
    this.places = new FairPlaces({ places: processes, spare: spareProcesses, maxWaiting });
    this.pool = new ProcessPool({
      ...{ start: () => this.start(), isFit: (process) => this.isFit(process) },
      ...{ most: processes + spareProcesses, idleMs },
    });
  }

  async parse(input: ParserInput, signal?: AbortSignal): Promise<ParsedDocument> {
    const { group = '', bytes } = input;
    this.noteGroup(group);
    const cost = 1 + Math.floor(bytes.byteLength / smallBytes);
    const giveBack = await this.places.take({ group, cost }, signal);
    try {
      // To start a process beside a long file takes twice as long.
      if (bytes.byteLength > longBytes) await this.pool.anotherIsUp(signal);
      return await this.readIn(await this.pool.take(signal), input, signal);
    } finally {
      giveBack();
    }
  }

  healthy(): Promise<boolean> {
    return this.pool.healthy();
  }

  async close(): Promise<void> {
    this.places.refuse(new MillraceError('shutting_down'));
    await this.pool.close();
  }

  private noteGroup(group: string): void {
    if (this.groups.size < 2) this.groups.add(group);
    this.pool.keepsAhead = this.groups.size > 1;
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
      this.killed.clear(input.bytes);
      return documentOf(reply);
    } catch (error) {
      const isSuspect = process.wasKilled && MillraceError.from(error).code === 'dependency_unavailable';
      throw isSuspect ? this.killed.blame(input.bytes, error) : error;
    } finally {
      this.pool.release(process);
    }
  }

  private isFit({ alive, served, rssBytes }: ParserProcess): boolean {
    const { maxFilesPerProcess, recycleAboveMb } = this.options;
    return alive && served < maxFilesPerProcess && rssBytes <= recycleAboveMb * megabyte;
  }

  private start(): ParserProcess {
    const { workersDir, memoryMb, timeoutMs } = this.options;
    return ParserProcess.start({ entry: new URL('parser.js', workersDir), memoryMb, timeoutMs });
  }
}

function documentOf(reply: ParseReply): ParsedDocument {
  if (reply.kind === 'failed') throw new MillraceError(reply.code, { detail: reply.detail });
  return fromWire(reply.document);
}
