import type { LogRecord, Subscription } from '@millrace/ports';
import type { SqliteThread } from '../thread/sqlite-thread.ts';
import type { Fetched, Partition } from './event-log-calls.ts';

/** Batches one member works on at a time, each of another partition. */
const maxBatches = 16;
/** Bytes of one batch, beyond which it is cut (a single record may be larger). */
const maxBatchBytes = 4 * 1024 * 1024;

export interface Member {
  readonly subscription: Subscription;
  readonly topics: ReadonlySet<string>;
  readonly closing: AbortController;
  readonly running: Set<Promise<void>>;
}

/** How far the group is in a partition. */
interface Cursor extends Partition {
  position: number;
  state: 'idle' | 'ready' | 'running' | 'paused';
  /** There may be records at `position`. */
  more: boolean;
}

/**
 * The members of a group in this process share its partitions: a partition with records goes to any member that
 * has room, one batch at a time, so that its records stay in order.
 */
export class ConsumerGroup {
  private readonly members = new Set<Member>();
  private readonly cursors = new Map<number, Cursor>();
  /** In the order in which they get their turn. */
  private readonly ready = new Set<Cursor>();
  private readonly commits = new Set<Promise<void>>();

  constructor(
    private readonly name: string,
    private readonly thread: SqliteThread,
    private readonly options: {
      readonly redeliveryPauseMs: number;
      readonly onError: (error: unknown) => void;
    },
  ) {}

  get empty(): boolean {
    return this.members.size === 0;
  }

  async join(subscription: Subscription, partitions: readonly Partition[]): Promise<Member> {
    const topics = new Set(subscription.topics);
    const member = {
      subscription,
      topics,
      closing: new AbortController(),
      running: new Set<Promise<void>>(),
    };
    this.members.add(member);
    try {
      await this.load(partitions);
    } catch (error) {
      this.members.delete(member);
      throw error;
    }
    this.wake(partitions.map(({ id }) => id));
    return member;
  }

  async leave(member: Member): Promise<void> {
    member.closing.abort();
    await Promise.all(member.running);
    await Promise.all(this.commits);
    this.members.delete(member);
    this.run();
  }

  async close(): Promise<void> {
    await Promise.all([...this.members].map((member) => this.leave(member)));
  }

  /** These partitions may have new records. */
  wake(partitions: Iterable<number>): void {
    for (const id of partitions) {
      const cursor = this.cursors.get(id);
      if (cursor) this.offer(cursor);
    }
    this.run();
  }

  private async load(partitions: readonly Partition[]): Promise<void> {
    if (partitions.every(({ id }) => this.cursors.has(id))) return;
    const positions = new Map(await this.thread.call<[number, number][]>('positions', this.name));
    for (const partition of partitions)
      if (!this.cursors.has(partition.id))
        this.cursors.set(partition.id, {
          ...partition,
          position: positions.get(partition.id) ?? 0,
          state: 'idle',
          more: false,
        });
  }

  private offer(cursor: Cursor): void {
    cursor.more = true;
    if (cursor.state !== 'idle') return;
    cursor.state = 'ready';
    this.ready.add(cursor);
  }

  /** Gives every waiting partition that finds a member its turn. */
  private run(): void {
    for (const cursor of this.ready) {
      const member = this.memberFor(cursor);
      if (!member) continue;
      this.ready.delete(cursor);
      cursor.state = 'running';
      const turn = this.turn(cursor, member).finally(() => {
        member.running.delete(turn);
        this.run();
      });
      member.running.add(turn);
    }
  }

  /** The member that has least to do. */
  private memberFor({ topic }: Cursor): Member | undefined {
    const able = [...this.members].filter(
      ({ topics, closing, running }) =>
        topics.has(topic) && !closing.signal.aborted && running.size < maxBatches,
    );
    return able.sort((one, other) => one.running.size - other.running.size)[0];
  }

  private async turn(cursor: Cursor, member: Member): Promise<void> {
    try {
      await this.handleNext(cursor, member);
      cursor.state = 'idle';
      if (cursor.more) this.offer(cursor);
    } catch (error) {
      if (this.thread.ended) return;
      this.options.onError(error);
      this.pause(cursor);
    }
  }

  /** Reads a batch, has it handled, and only then moves the group on. */
  private async handleNext(cursor: Cursor, { subscription, closing }: Member): Promise<void> {
    cursor.more = false;
    const { id: partition, position: from } = cursor;
    const { maxBatch: maxRecords, handler } = subscription;
    const request = { partition, from, maxRecords, maxBytes: maxBatchBytes };
    const { records, more } = await this.thread.call<Fetched>('fetch', request);
    if (more) cursor.more = true;
    const last = records.at(-1);
    if (!last) return;
    if (closing.signal.aborted) return void (cursor.more = true);
    await handler(
      records.map((record) => asLogRecord(cursor, record)),
      closing.signal,
    );
    cursor.position = last.offset + 1;
    this.commit(cursor);
  }

  /** Nobody waits for it: should the process die before, the records come again, as they may. */
  private commit(cursor: Cursor): void {
    const { id, position } = cursor;
    const commit = this.thread
      .callUnhurried<void>('commit', this.name, id, position)
      .catch((error: unknown) => this.commitLater(cursor, error))
      .finally(() => this.commits.delete(commit));
    this.commits.add(commit);
  }

  private commitLater(cursor: Cursor, error: unknown): void {
    if (this.thread.ended) return;
    this.options.onError(error);
    const again = (): void => void (this.empty || this.commit(cursor));
    setTimeout(again, this.options.redeliveryPauseMs).unref();
  }

  /** The same records again, a little later. */
  private pause(cursor: Cursor): void {
    cursor.state = 'paused';
    const resume = (): void => {
      cursor.state = 'idle';
      this.offer(cursor);
      this.run();
    };
    setTimeout(resume, this.options.redeliveryPauseMs).unref();
  }
}

const asLogRecord = (
  { topic, number: partition }: Partition,
  { offset, timestamp, key, headers, value }: Fetched['records'][number],
): LogRecord => ({
  topic,
  partition,
  offset,
  timestamp,
  key,
  headers: JSON.parse(headers) as Record<string, string>,
  value,
});
