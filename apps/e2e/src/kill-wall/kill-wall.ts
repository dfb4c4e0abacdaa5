import { setTimeout as pause } from 'node:timers/promises';
import type { DocumentStatus, SearchResult } from '@millrace/contracts';
import { engine } from '@millrace/testing';
import { Client } from '../client.ts';
import { Server, type Profile } from '../harness.ts';
import { engineNames, flushRedis, killEngine } from './engines.ts';
import { HttpSender, type Operation, type Sender } from './sender.ts';
import { markIn, nameOf } from './texts.ts';
import { TopicSender } from './topic-sender.ts';

/** What is killed: processes of Millrace, or an engine under it. */
export const victims = ['services', ...engineNames] as const;
export type Victim = (typeof victims)[number];

export interface KillWallOptions {
  readonly documents: number;
  readonly kills: number;
  /** Pushers at work at a time. */
  readonly pushers: number;
  readonly seed: number;
  /** Standalone: the process is killed and started again; distributed: one of the services, each time another. */
  readonly profile: Profile;
  /** Changes come over HTTP, or by `documents.v1` from a producer of its own (distributed only). */
  readonly through: 'http' | 'topic';
  /** Whom to choose from; engines in the distributed profile only. */
  readonly victims: readonly Victim[];
  /** Times that Redis is emptied, spread over the kills; distributed only. */
  readonly flushes: number;
  /** Where standalone keeps its data. */
  readonly dataDir?: string;
  readonly report?: (line: string) => void;
}

export interface KillWallResult {
  readonly operations: number;
  readonly acknowledged: number;
  readonly kills: number;
  readonly flushes: number;
  /** How often each app or engine was killed. */
  readonly victims: Readonly<Record<string, number>>;
  /** Searches made while killing, and how many of them showed more than one version of a document. */
  readonly searches: number;
  readonly lost: string[];
  readonly duplicated: string[];
  readonly mixed: string[];
  readonly resurrected: string[];
  readonly unfinished: string[];
}

/**
 * Pushes, changes and deletes documents while the server is killed with -9 at random moments, then compares what is
 * there with what was acknowledged. An operation whose answer never came may have happened or not; an acknowledged one
 * must have.
 */
export class KillWall {
  private readonly random: () => number;
  private readonly journal = new Map<string, Operation[]>();
  private readonly mixed: string[] = [];
  private server: Server | undefined;
  private client = new Client('');
  private sender: Sender = new HttpSender(() => this.client);
  private flushed = 0;
  private acknowledged = 0;
  private operations = 0;
  private searches = 0;
  private killed = 0;
  private readonly victims: Record<string, number> = {};
  private done = false;

  constructor(private readonly options: KillWallOptions) {
    this.random = mulberry32(options.seed);
  }

  async run(): Promise<KillWallResult> {
    await this.startServer();
    if (this.options.through === 'topic') this.sender = await this.openTopic();
    const pushing = this.pushAll();
    const searching = this.searchOn();
    await this.killAgainAndAgain();
    await pushing;
    this.done = true;
    await searching;
    await this.untilReady();
    await this.sender.caughtUp();
    const statuses = await this.settle();
    const audit = await this.audit(statuses);
    await this.sender.close();
    await this.server?.stop();
    const { operations, acknowledged, flushed, searches, victims, mixed } = this;
    return {
      operations,
      acknowledged,
      kills: this.options.kills,
      flushes: flushed,
      victims,
      searches,
      ...audit,
      mixed: [...mixed, ...audit.mixed],
    };
  }

  private async startServer(): Promise<void> {
    const { profile, dataDir } = this.options;
    this.server = await Server.start({ profile, ...(dataDir !== undefined && { dataDir }) });
    this.client = this.server.client();
  }

  private openTopic(): Promise<Sender> {
    const brokers = engine('kafka')?.brokers;
    if (!brokers || !this.server) throw new Error('there is no Kafka here: npm run engines -- up');
    return TopicSender.open(brokers, this.server.installation);
  }

  private async untilReady(): Promise<void> {
    const isReady = async () => (await this.client.request('GET', '/health/ready')).status === 200;
    while (!(await isReady().catch(() => false))) await pause(100);
  }

  /** Every document gets a put, every third a change, every seventh a delete, in the order of one queue. */
  private async pushAll(): Promise<void> {
    const work = Array.from({ length: this.options.documents }, (_, n) => `doc-${n}`).flatMap((id, n) => [
      id,
      ...(n % 3 === 0 ? [`doc-${Math.floor(this.random() * (n + 1))}`] : []),
      ...(n % 7 === 0 ? [`-doc-${Math.floor(this.random() * (n + 1))}`] : []),
    ]);
    const all = work.length;
    // Operations on one document are made one after the other; which pusher makes them does not matter.
    const busy = new Map<string, Promise<void>>();
    const next = async (): Promise<void> => {
      for (let item = work.shift(); item !== undefined; item = work.shift()) {
        await this.kept(1 - work.length / all);
        const id = item.replace(/^-/, '');
        const turn = (busy.get(id) ?? Promise.resolve()).then(() =>
          this.operate(id, item.startsWith('-') ? 'delete' : 'put'),
        );
        busy.set(id, turn);
        await turn;
      }
    };
    await Promise.all(Array.from({ length: this.options.pushers }, next));
  }

  /** Spreads the pushing over all the kills: its last share is left for the time after the last one. */
  private async kept(share: number): Promise<void> {
    while (this.killed < this.options.kills && share > (this.killed + 1) / (this.options.kills + 1))
      await pause(20);
  }

  /** Tries until it is acknowledged: each try is an operation of its own that may have happened, unless it is done once. */
  private async operate(id: string, kind: Operation['kind']): Promise<void> {
    let operation = this.note(id, kind);
    for (;;) {
      const answer = await this.sender.send(id, operation).catch(() => 'retry' as const);
      if (answer === 'absent') return;
      if (answer === 'acknowledged') {
        operation.acknowledged = true;
        this.acknowledged += 1;
        return;
      }
      await pause(20);
      if (!this.sender.once) operation = this.note(id, kind);
    }
  }

  private note(id: string, kind: Operation['kind']): Operation {
    const operation: Operation = { kind, mark: `mark${(++this.operations).toString(36)}x` };
    this.journal.set(id, [...(this.journal.get(id) ?? []), operation]);
    return operation;
  }

  /** All hits of one document in one answer must be of one version, and each with the text of that version. */
  private async searchOn(): Promise<void> {
    while (!this.done) {
      const ids = [...this.journal.keys()];
      const id = ids[Math.floor(this.random() * ids.length)];
      if (id !== undefined)
        await this.client.search(nameOf(id), { mode: 'sparse', top_k: 20 }).then(
          (hits) => this.noteMix(id, hits),
          () => undefined,
        );
      await pause(30);
    }
  }

  private noteMix(id: string, hits: readonly SearchResult[]): void {
    this.searches += 1;
    const own = hits.filter(({ document_id }) => document_id === id);
    const versions = new Set(own.map(({ version }) => version));
    const marks = new Set(own.map(({ text }) => markIn(text)));
    if (versions.size > 1 || marks.size > 1)
      this.mixed.push(`${id}: versions ${[...versions].join()} marks ${[...marks].join()}`);
  }

  private async killAgainAndAgain(): Promise<void> {
    for (let kill = 1; kill <= this.options.kills; kill++) {
      await pause(200 + this.random() * 1500);
      this.killed = kill;
      const victim = await this.strike();
      this.victims[victim] = (this.victims[victim] ?? 0) + 1;
      if (kill % 10 === 0)
        this.options.report?.(`${kill} kills, ${this.acknowledged} operations acknowledged`);
    }
  }

  /** Who was killed. */
  private async strike(): Promise<string> {
    const { profile, flushes, kills } = this.options;
    if (this.flushed < Math.floor((flushes * this.killed) / kills)) {
      await flushRedis();
      this.flushed += 1;
    }
    if (profile === 'standalone') {
      await this.server!.kill();
      await this.startServer();
      return 'standalone';
    }
    const victim = this.choose(this.options.victims);
    if (victim === 'services') return this.server!.killOne(this.random);
    await killEngine(victim);
    return victim;
  }

  private choose<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  /** Waits until every version is in a final state, for as long as there are fewer that are not. */
  private async settle(): Promise<Map<string, DocumentStatus>> {
    let fewest = Infinity;
    for (let since = Date.now(); ;) {
      const all = await this.client.list().catch(() => undefined);
      const open = all?.filter(({ state }) => !['indexed', 'deleted', 'dead-lettered'].includes(state));
      if (all && (open!.length === 0 || Date.now() - since > patienceMs))
        return new Map(all.map((status) => [status.id, status]));
      if (open && open.length < fewest) [fewest, since] = [open.length, Date.now()];
      this.options.report?.(`${open?.length ?? 'unknown'} documents under way`);
      await pause(2000);
    }
  }

  private async audit(statuses: ReadonlyMap<string, DocumentStatus>) {
    const found = {
      lost: [] as string[],
      duplicated: [] as string[],
      mixed: [] as string[],
      resurrected: [] as string[],
      unfinished: [] as string[],
    };
    for (const [id, log] of this.journal) {
      const status = statuses.get(id);
      const hits = (await this.client.search(nameOf(id), { mode: 'sparse', top_k: 50 })).filter(
        (hit) => hit.document_id === id,
      );
      const acknowledged = log.findLast((operation) => operation.acknowledged);
      if (!acknowledged) continue;
      if (!status) found.lost.push(`${id}: acknowledged, unknown now`);
      else this.judge(id, log, acknowledged, status, hits, found);
    }
    return found;
  }

  private judge(
    id: string,
    log: readonly Operation[],
    acknowledged: Operation,
    status: DocumentStatus,
    hits: readonly SearchResult[],
    found: Record<'lost' | 'duplicated' | 'mixed' | 'resurrected' | 'unfinished', string[]>,
  ): void {
    if (!['indexed', 'deleted'].includes(status.state))
      found.unfinished.push(`${id}: ${status.state} ${status.reason?.code ?? ''}`);
    if (status.version < (acknowledged.version ?? 1))
      found.lost.push(`${id}: version ${status.version} after ${acknowledged.version}`);
    // Only what was tried after the last acknowledgement may have changed it since.
    const possible = log.slice(log.indexOf(acknowledged));
    if (status.state === 'deleted') {
      if (hits.length > 0) found.resurrected.push(`${id}: ${hits.length} hits`);
      if (!possible.some(({ kind }) => kind === 'delete')) found.lost.push(`${id}: deleted by nobody`);
      return;
    }
    const marks = new Set(hits.map(({ text }) => markIn(text)));
    if (hits.length === 0) found.lost.push(`${id}: indexed, not found`);
    if (marks.size > 1 || hits.some(({ version }) => version !== status.version))
      found.mixed.push(`${id}: ${[...marks].join()}`);
    if (hits.length > status.chunks || new Set(hits.map(({ start }) => start)).size < hits.length)
      found.duplicated.push(`${id}: ${hits.length} hits of ${status.chunks} chunks`);
    if (hits.length < status.chunks) found.lost.push(`${id}: ${hits.length} hits of ${status.chunks} chunks`);
    if (hits.length > 0 && !possible.some(({ kind, mark }) => kind === 'put' && marks.has(mark)))
      found.lost.push(`${id}: shows ${[...marks].join()}, acknowledged was ${acknowledged.mark}`);
  }
}

/** Standing still for so long is for good. */
const patienceMs = 300_000;

/** Mulberry32 by Tommy Ettinger, public domain: a small seeded generator, so that a failing run can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
