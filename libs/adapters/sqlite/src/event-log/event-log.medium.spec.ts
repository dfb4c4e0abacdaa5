import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import type { LogRecord, NewRecord } from '@millrace/ports';
import { until, utf8, text } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SqliteThread } from '../thread/sqlite-thread.ts';
import { entry } from '../thread/thread-harness.ts';
import { SqliteEventLog } from './event-log.ts';

const hourMs = 3_600_000;
const patienceMs = 10_000;

describe('SqliteEventLog', () => {
  let folder: string;
  let log: SqliteEventLog;
  const open = (options = {}) =>
    SqliteEventLog.open({ entry, file: join(folder, 'log.sqlite'), ...options }).then(
      (opened) => (log = opened),
    );

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  });
  afterEach(async () => {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  });

  const record = (topic: string, value: string, key = 'k'): NewRecord => ({ topic, key, value: utf8(value) });
  const subscribe = (
    topic: string,
    handle: (records: readonly LogRecord[]) => Promise<void>,
    group = 'group',
  ) => log.subscribe({ group, topics: [topic], maxBatch: 100, handler: handle });
  const readAll = async (topic: string): Promise<string[]> => {
    const seen: string[] = [];
    const group = `reader-${Math.random()}`;
    const lag = async () => (await log.lag(group, [topic]))[0]!.records;
    await subscribe(
      topic,
      async (records) => void seen.push(...records.map(({ value }) => text(value))),
      group,
    );
    await until(async () => expect(await lag()).toBe(0), patienceMs);
    return seen;
  };

  it('deletes what is older than its topic keeps it, and nothing else', async () => {
    await open();
    await log.ensureTopics([
      { name: 'short', partitions: 2, retentionHours: 0 },
      { name: 'long', partitions: 2, retentionHours: 1 },
    ]);
    await log.publish(
      ['a', 'b', 'c'].flatMap((key) => [record('short', key, key), record('long', key, key)]),
    );
    await log.close();
    await open({ purgeEveryMs: 10 });
    await until(async () => expect((await log.lag('new', ['short']))[0]!.records).toBe(0), patienceMs);
    expect(await readAll('short')).toEqual([]);
    expect((await readAll('long')).sort()).toEqual(['a', 'b', 'c']);
  });

  it('goes on behind what retention took from a slow group', async () => {
    await open();
    await log.ensureTopics([{ name: 'topic', partitions: 1, retentionHours: 50 / hourMs }]);
    await log.publish([record('topic', 'gone')]);
    await log.close();
    await open({ purgeEveryMs: 10 });
    await until(async () => expect((await log.lag('slow', ['topic']))[0]!.records).toBe(0), patienceMs);
    await log.close();
    await open();
    await log.publish([record('topic', 'there')]);
    expect(await log.lag('slow', ['topic'])).toMatchObject([{ records: 1 }]);
    const seen: LogRecord[] = [];
    await subscribe('topic', async (records) => void seen.push(...records), 'slow');
    await until(() => expect(seen.map(({ value }) => text(value))).toEqual(['there']), patienceMs);
    expect(seen[0]!.offset).toBe(1);
  });

  it('cuts a batch that would take too much memory, but hands a large record over alone', async () => {
    await open();
    await log.ensureTopics([{ name: 'topic', partitions: 1, retentionHours: 1 }]);
    const megabyte = new Uint8Array(1024 * 1024);
    for (let n = 0; n < 10; n++) await log.publish([{ topic: 'topic', key: 'k', value: megabyte }]);
    const sizes: number[] = [];
    await subscribe('topic', async (records) => void sizes.push(records.length));
    await until(() => expect(sizes).toEqual([4, 4, 2]), patienceMs);
  });

  it('refuses a subscription to an unknown topic', async () => {
    await open();
    const subscribing = subscribe('unknown', () => Promise.resolve());
    await expect(subscribing).rejects.toMatchObject({ code: 'internal' });
  });

  it('moves a group on with whatever comes next, and for good', async () => {
    await open();
    await log.ensureTopics([{ name: 'topic', partitions: 1, retentionHours: 1 }]);
    const seen: string[] = [];
    const see = async (records: readonly LogRecord[]) =>
      void seen.push(...records.map(({ value }) => text(value)));
    await subscribe('topic', see);
    await log.publish([record('topic', 'one')]);
    await until(() => expect(seen).toEqual(['one']), patienceMs);
    expect(await log.lag('group', ['topic'])).toEqual([{ topic: 'topic', records: 0 }]);
    await log.publish([record('topic', 'two')]);
    await until(() => expect(seen).toEqual(['one', 'two']), patienceMs);
    await log.close();
    await open();
    await subscribe('topic', see);
    await log.publish([record('topic', 'three')]);
    await until(() => expect(seen).toEqual(['one', 'two', 'three']), patienceMs);
  });

  it('commits later what it could not, without a second delivery', async () => {
    const errors: unknown[] = [];
    const thread = new SqliteThread(entry, { module: 'event-log', file: join(folder, 'log.sqlite') });
    const full = new MillraceError('storage_full');
    vi.spyOn(thread, 'callUnhurried').mockRejectedValueOnce(full);
    log = await SqliteEventLog.open(
      { entry, file: '', redeliveryPauseMs: 10, onError: (error) => void errors.push(error) },
      thread,
    );
    await log.ensureTopics([{ name: 'topic', partitions: 1, retentionHours: 1 }]);
    let deliveries = 0;
    await subscribe('topic', async () => void deliveries++);
    await log.publish([record('topic', 'one')]);
    const lag = async () => (await log.lag('group', ['topic']))[0]!.records;
    await until(async () => expect([errors, await lag()]).toEqual([[full], 0]), patienceMs);
    expect(deliveries).toBe(1);
  });

  it('reports a rejected handler and keeps its other partitions going', async () => {
    const errors: unknown[] = [];
    await open({ onError: (error: unknown) => errors.push(error), redeliveryPauseMs: 60_000 });
    await log.ensureTopics([{ name: 'topic', partitions: 12, retentionHours: 1 }]);
    const seen: string[] = [];
    await subscribe('topic', async (records) => {
      const values = records.map(({ value }) => text(value));
      if (values.includes('bad')) throw new Error('cannot');
      seen.push(...values);
    });
    await log.publish([record('topic', 'bad', 'a')]);
    await until(() => expect(errors).toEqual([new Error('cannot')]), patienceMs);
    await log.publish([record('topic', 'good', 'b'), record('topic', 'stuck', 'a')]);
    await until(() => expect(seen).toEqual(['good']), patienceMs);
    expect((await log.lag('group', ['topic']))[0]!.records).toBe(2);
  });
});
