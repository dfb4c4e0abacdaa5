import { randomNumbers } from '@millrace/testing';
import { setTimeout as pause } from 'node:timers/promises';
import type { DocumentStatus, SearchResult } from '@millrace/contracts';
import { Client } from '../client.ts';
import { Server, type Profile } from '../harness.ts';
import { engineNames, flushRedis, killEngine } from '../outside/engines.ts';
import { storedPoints } from './stored-points.ts';
import { Audit } from './audit.ts';
import type { Faults } from './faults.ts';
import { isMixed, shownBy } from './search-flaws.ts';
import { HttpSender, type Operation, type Sender } from './sender.ts';
import { nameOf } from './texts.ts';
import { TopicSender } from './topic-sender.ts';

/** States of a document that is on its way. */
const stages = ['accepted', 'parsed', 'embedded'] as const;
type Stage = (typeof stages)[number];

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
  /** How long a killed engine stays away, milliseconds. Default 0. */
  readonly awayMs?: number;
  /** Times that Redis is emptied, spread over the kills; distributed only. */
  readonly flushes: number;
  /** Where standalone keeps its data. */
  readonly dataDir?: string;
  readonly report?: (line: string) => void;
}

export interface KillWallResult extends Faults {
  readonly operations: number;
  readonly acknowledged: number;
  /** Acknowledged before the last kill. */
  readonly acknowledgedUnderKills: number;
  readonly kills: number;
  readonly flushes: number;
  /** How often each app or engine was killed. */
  readonly victims: Readonly<Record<string, number>>;
  /** For how many of each one's kills documents were in a state, so that its work was under way. */
  readonly under: Readonly<Record<string, Readonly<Record<Stage, number>>>>;
  /** Searches answered until every document had come to rest, and how many of them showed more than one version of a document. */
  readonly searches: number;
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
  private acknowledgedUnderKills = 0;
  /** Of all changes, as a share of 1. */
  private pushed = 0;
  private operations = 0;
  private searches = 0;
  private killed = 0;
  private readonly victims: Record<string, number> = {};
  private readonly under: Record<string, Record<Stage, number>> = {};
  private done = false;

  constructor(private readonly options: KillWallOptions) {
    this.random = randomNumbers(options.seed);
  }

  async run(): Promise<KillWallResult> {
    await this.startServer();
    if (this.options.through === 'topic') this.sender = await this.openTopic();
    const pushing = this.pushAll();
    const searching = this.searchOn();
    await this.killAgainAndAgain();
    await pushing;
    await this.untilReady();
    await this.untilRead(0, Infinity);
    const statuses = await this.settle();
    this.done = true;
    await searching;
    const faults = await new Audit(this.client, this.journal, this.sender).run(statuses);
    if (this.options.profile === 'distributed') faults.duplicated.push(...(await this.leftOver(statuses)));
    await this.sender.close();
    await this.server?.stop();
    const { operations, acknowledged, acknowledgedUnderKills, flushed, searches, victims, under, mixed } =
      this;
    return {
      operations,
      acknowledged,
      acknowledgedUnderKills,
      kills: this.options.kills,
      flushes: flushed,
      victims,
      under,
      searches,
      ...faults,
      mixed: [...mixed, ...faults.mixed],
    };
  }

  /** What searches do not show: chunks in the store beside those of the versions that are there. */
  private async leftOver(statuses: readonly DocumentStatus[]): Promise<string[]> {
    const chunks = statuses.reduce(
      (sum, status) => sum + (status.state === 'indexed' ? status.chunks : 0),
      0,
    );
    const points = await storedPoints(this.server!.installation);
    return points === chunks ? [] : [`the store: ${points} points of ${chunks} chunks`];
  }

  private async startServer(): Promise<void> {
    const { profile, dataDir } = this.options;
    this.server = await Server.start({ profile, ...(dataDir !== undefined && { dataDir }) });
    this.client = this.server.client();
  }

  private openTopic(): Promise<Sender> {
    return TopicSender.open(this.server!.installation);
  }

  private async untilReady(): Promise<void> {
    const isReady = async () => (await this.client.request('GET', '/health/ready')).status === 200;
    while (!(await isReady().catch(() => false))) await pause(100);
  }

  /** Each document gets a put, each third a new text, each fifth new metadata, each seventh a delete, in one queue's order. */
  private async pushAll(): Promise<void> {
    const anyUpTo = (n: number): string => `doc-${Math.floor(this.random() * (n + 1))}`;
    const work = Array.from({ length: this.options.documents }, (_, n) => n).flatMap((n): Change[] => [
      [`doc-${n}`, 'rewrite'],
      ...(n % 3 === 0 ? [[anyUpTo(n), 'rewrite'] as const] : []),
      ...(n % 5 === 0 ? [[anyUpTo(n), 'describe'] as const] : []),
      ...(n % 7 === 0 ? [[anyUpTo(n), 'delete'] as const] : []),
    ]);
    const all = work.length;
    let over = 0;
    // Operations on one document are made one after the other; which pusher makes them does not matter.
    const busy = new Map<string, Promise<void>>();
    const next = async (): Promise<void> => {
      for (let item = work.shift(); item !== undefined; item = work.shift()) {
        await this.kept(1 - work.length / all);
        const [id] = item;
        const turn = (busy.get(id) ?? Promise.resolve()).then(() => this.operate(...item));
        busy.set(id, turn);
        await turn;
        this.pushed = ++over / all;
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
  private async operate(...change: Change): Promise<void> {
    const [id] = change;
    let operation = this.note(...change);
    for (;;) {
      const answer = await this.sender.send(id, operation).catch(() => 'retry' as const);
      if (answer === 'absent') return;
      if (answer === 'acknowledged') {
        operation.acknowledged = true;
        this.acknowledged += 1;
        return;
      }
      await pause(20);
      if (answer === 'retry' && !this.sender.once) operation = this.note(...change);
    }
  }

  private note(...[id, change]: Change): Operation {
    const log = this.journal.get(id) ?? [];
    const edition = ++this.operations;
    const known = change === 'describe' ? log.findLast(({ kind }) => kind === 'put')?.mark : undefined;
    const mark = known ?? `mark${edition.toString(36)}x`;
    const operation: Operation = { kind: change === 'delete' ? 'delete' : 'put', mark, edition };
    this.journal.set(id, [...log, operation]);
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
    if (isMixed(own)) this.mixed.push(`${id}: ${shownBy(own)}`);
  }

  private async killAgainAndAgain(): Promise<void> {
    for (let kill = 1; kill <= this.options.kills; kill++) {
      await pause(200 + this.random() * 1500);
      await this.untilPushed((kill - 0.5) / (this.options.kills + 1));
      await this.untilRead(mostUnread, mostPatienceMs);
      this.killed = kill;
      this.acknowledgedUnderKills = this.acknowledged;
      const busy = await this.busyStages();
      const victim = await this.strike();
      this.victims[victim] = (this.victims[victim] ?? 0) + 1;
      const under = (this.under[victim] ??= { accepted: 0, parsed: 0, embedded: 0 });
      for (const stage of busy) under[stage] += 1;
      if (kill % 10 === 0)
        this.options.report?.(`${kill} kills, ${this.acknowledged} operations acknowledged`);
    }
  }

  /** So that the kills do not hurry ahead of the pushing where that is slow. */
  private async untilPushed(share: number): Promise<void> {
    for (const end = Date.now() + mostPatienceMs; Date.now() < end && this.pushed < share;) await pause(20);
  }

  /** So that the kills fall while work is done all along, and not all of them before it: at most so many wait to be read. */
  private async untilRead(atMost: number, patience: number): Promise<void> {
    for (const end = Date.now() + patience; Date.now() < end; await pause(250)) {
      const unread = await this.sender.behind().catch(() => Infinity);
      if (unread <= atMost) return;
    }
  }

  /** In which documents are now, as far as anybody answers. */
  private async busyStages(): Promise<Stage[]> {
    const counts = await Promise.all(
      stages.map((stage) =>
        this.client.request<{ data?: unknown[] }>('GET', `/v1/documents?limit=1&state=${stage}`).then(
          ({ body }) => body.data?.length ?? 0,
          () => 0,
        ),
      ),
    );
    return stages.filter((_, at) => counts[at]! > 0);
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
    await killEngine(victim, this.options.awayMs ?? 0);
    return victim;
  }

  private choose<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  /** Waits until every version is in a final state, for as long as there are fewer that are not. */
  private async settle(): Promise<readonly DocumentStatus[]> {
    let fewest = Infinity;
    for (let since = Date.now(); ;) {
      const all = await this.client.list().catch(() => undefined);
      const open = all?.filter(({ state }) => !['indexed', 'deleted', 'dead-lettered'].includes(state));
      if (all && (open!.length === 0 || Date.now() - since > patienceMs)) return all;
      if (open && open.length < fewest) [fewest, since] = [open.length, Date.now()];
      this.options.report?.(`${open?.length ?? 'unknown'} documents under way`);
      await pause(2000);
    }
  }
}

/** What is done to a document: a new text, new metadata with the text as it is, or its end. */
type Change = readonly [document: string, change: 'rewrite' | 'describe' | 'delete'];

/** Changes that may wait to be read when the next kill comes. */
const mostUnread = 200;
/** A kill comes anyway after waiting so long for the pushing, or for what was pushed to be read. */
const mostPatienceMs = 20_000;

/** Standing still for so long is for good. */
const patienceMs = 300_000;
