import { MillraceError } from '@millrace/contracts';
import type { EventLog, LogRecord, NewRecord, Subscription, TopicLag } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPatienceMs, text, unique, until, utf8, type DurableHarness } from './harness.ts';

/** Holds an adapter to every promise of `EventLog`. */
export function eventLogConformance(name: string, factory: () => Promise<DurableHarness<EventLog>>): void {
  describe(`${name} as an event log`, () => {
    let harness: DurableHarness<EventLog>;
    let log: EventLog;
    let patience: number;

    beforeEach(async () => {
      harness = await factory();
      patience = harness.patienceMs ?? defaultPatienceMs;
      log = await harness.open();
    });
    afterEach(() => harness.dispose());

    const newTopic = async (partitions = 4): Promise<string> => {
      const topic = unique('topic');
      await log.ensureTopics([{ name: topic, partitions, retentionHours: 1 }]);
      return topic;
    };
    const collect = async (topic: string, group = unique('group')): Promise<LogRecord[]> => {
      const seen: LogRecord[] = [];
      await log.subscribe(
        subscription(group, topic, async (records) => {
          seen.push(...records);
        }),
      );
      return seen;
    };
    const lagOf = async (group: string, topic: string): Promise<TopicLag> => {
      const [lag] = await log.lag(group, [topic]);
      return lag!;
    };
    const sawAll = (seen: readonly LogRecord[], values: readonly string[]): Promise<void> =>
      until(() => expect(new Set(seen.map(valueOf))).toEqual(new Set(values)), patience);

    describe('publishing', () => {
      it('carries key, value and headers unchanged, with topic, partition, offset and time', async () => {
        const topic = await newTopic();
        const value = Uint8Array.from({ length: 256 }, (_, index) => index);
        const before = Date.now();
        await log.publish([{ topic, key: 'acme/käse 🧀', value, headers: { 'ce-id': 'ü1' } }]);
        const seen = await collect(topic);
        await until(() => expect(seen).toHaveLength(1), patience);
        expect(seen[0]).toMatchObject({ topic, key: 'acme/käse 🧀', headers: { 'ce-id': 'ü1' } });
        expect(new Uint8Array(seen[0]!.value)).toEqual(value);
        expect(seen[0]!.partition).toBeGreaterThanOrEqual(0);
        expect(seen[0]!.offset).toBeGreaterThanOrEqual(0);
        expect(seen[0]!.timestamp).toBeGreaterThanOrEqual(before - 1);
        expect(seen[0]!.timestamp).toBeLessThanOrEqual(Date.now() + 1);
      });

      it('does not mix values that share a buffer', async () => {
        const topic = await newTopic(1);
        const shared = utf8('onetwo');
        await log.publish([
          { topic, key: 'k', value: shared.subarray(0, 3) },
          { topic, key: 'k', value: shared.subarray(3) },
        ]);
        const seen = await collect(topic);
        await until(() => expect(seen.map(valueOf)).toEqual(['one', 'two']), patience);
      });

      it('takes an empty value, and one of the largest size', async () => {
        const topic = await newTopic(1);
        const { maxRecordBytes } = log.limits;
        await log.publish([{ topic, key: 'k', value: new Uint8Array(0) }]);
        await log.publish([{ topic, key: 'k', value: new Uint8Array(maxRecordBytes).fill(7) }]);
        const seen = await collect(topic);
        const sizes = () => expect(seen.map(({ value }) => value.byteLength)).toEqual([0, maxRecordBytes]);
        await until(sizes, patience);
        expect(seen[1]!.value.at(-1)).toBe(7);
      });

      it('refuses a record that is too large', async () => {
        const topic = await newTopic();
        const value = new Uint8Array(log.limits.maxRecordBytes + 1);
        await expect(log.publish([{ topic, key: 'k', value }])).rejects.toThrow(MillraceError);
      });

      it('refuses an unknown topic', async () => {
        const record = { topic: unique('unknown'), key: 'k', value: utf8('v') };
        await expect(log.publish([record])).rejects.toThrow(MillraceError);
      });

      it('keeps what many callers publish at once', async () => {
        const topic = await newTopic();
        const seen = await collect(topic);
        const values = Array.from({ length: 200 }, (_, index) => `v${index}`);
        await Promise.all(values.map((value) => log.publish([record(topic, value, value)])));
        await sawAll(seen, values);
      });

      it('keeps topics and their records when they are ensured again', async () => {
        const topic = await newTopic(2);
        await log.publish([record(topic, 'k', 'before')]);
        await log.ensureTopics([{ name: topic, partitions: 8, retentionHours: 1 }]);
        const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
        await log.publish(keys.map((key) => record(topic, key, key)));
        const seen = await collect(topic);
        await sawAll(seen, ['before', ...keys]);
        expect(Math.max(...seen.map(({ partition }) => partition))).toBeLessThan(2);
      });
    });

    describe('consuming', () => {
      it('starts a new group at the earliest record, and goes on with new ones', async () => {
        const topic = await newTopic();
        await log.publish([record(topic, 'a', '1'), record(topic, 'b', '2')]);
        const seen = await collect(topic);
        await sawAll(seen, ['1', '2']);
        await log.publish([record(topic, 'c', '3')]);
        await sawAll(seen, ['1', '2', '3']);
      });

      it('hands over records of one partition at a time, in order, at most maxBatch', async () => {
        const topic = await newTopic(3);
        const batches: LogRecord[][] = [];
        const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
        for (let round = 0; round < 10; round++)
          await log.publish(keys.map((key) => record(topic, key, `${key}:${round}`)));
        const handler = async (records: readonly LogRecord[]) => void batches.push([...records]);
        await log.subscribe(subscription(unique('group'), topic, handler, 7));
        await until(() => expect(batches.flat().length).toBeGreaterThanOrEqual(200), patience);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(7);
          expect(new Set(batch.map(({ partition }) => partition)).size).toBe(1);
          expect(batch.map(({ offset }) => offset)).toEqual(
            batch.map(({ offset }) => offset).sort(ascending),
          );
        }
        for (const key of keys) expectFirstSightingsInOrder(batches.flat(), key);
      });

      it('gives several topics to one subscription', async () => {
        const topics = [await newTopic(), await newTopic()];
        const seen: string[] = [];
        await log.subscribe({
          ...subscription(unique('group'), '', async (records) => {
            seen.push(...records.map((one) => `${topics.indexOf(one.topic)}:${valueOf(one)}`));
          }),
          topics,
        });
        await log.publish(topics.map((topic) => record(topic, 'k', 'v')));
        await until(() => expect(new Set(seen)).toEqual(new Set(['0:v', '1:v'])), patience);
      });

      it('shows every group every record, whatever another group does with it', async () => {
        const topic = await newTopic();
        await log.subscribe(subscription(unique('failing'), topic, () => Promise.reject(new Error('no'))));
        const one = await collect(topic);
        const other = await collect(topic);
        await log.publish([record(topic, 'a', '1'), record(topic, 'b', '2')]);
        await sawAll(one, ['1', '2']);
        await sawAll(other, ['1', '2']);
      });

      it('shares the work of a group among its members, and a leaving member’s among the rest', async () => {
        const topic = await newTopic();
        const group = unique('group');
        const seen: LogRecord[] = [];
        const handler = async (records: readonly LogRecord[]) => void seen.push(...records);
        const first = await log.subscribe(subscription(group, topic, handler, 3));
        await log.subscribe(subscription(group, topic, handler, 3));
        const batch = (from: number) => Array.from({ length: 100 }, (_, index) => `${from + index}`);
        await log.publish(batch(0).map((value) => record(topic, `key${Number(value) % 10}`, value)));
        await sawAll(seen, batch(0));
        await first.close();
        await log.publish(batch(100).map((value) => record(topic, `key${Number(value) % 10}`, value)));
        await sawAll(seen, [...batch(0), ...batch(100)]);
        for (let key = 0; key < 10; key++) expectFirstSightingsInOrder(seen, `key${key}`);
      });

      it('wakes an idle subscriber at once', async () => {
        const topic = await newTopic();
        const seen = await collect(topic);
        await log.publish([record(topic, 'k', 'warm')]);
        await sawAll(seen, ['warm']);
        const before = performance.now();
        await log.publish([record(topic, 'k', 'now')]);
        await sawAll(seen, ['warm', 'now']);
        expect(performance.now() - before).toBeLessThan(2_000);
      });
    });

    describe('committing', () => {
      it('moves the offset only after the handler resolved', async () => {
        const topic = await newTopic(1);
        const group = unique('group');
        const started = Promise.withResolvers<void>();
        const release = Promise.withResolvers<void>();
        const handler = (): Promise<void> => {
          started.resolve();
          return release.promise;
        };
        await log.publish([record(topic, 'k', '1'), record(topic, 'k', '2')]);
        await log.subscribe(subscription(group, topic, handler));
        await started.promise;
        expect(await lagOf(group, topic)).toMatchObject({ records: 2 });
        release.resolve();
        await until(async () => expect(await lagOf(group, topic)).toEqual({ topic, records: 0 }), patience);
      });

      it('brings the same records again, in order, after the handler rejected', async () => {
        const topic = await newTopic(1);
        const calls: LogRecord[][] = [];
        const done: string[] = [];
        await log.publish(['1', '2', '3', '4', '5'].map((value) => record(topic, 'k', value)));
        const handler = async (records: readonly LogRecord[]): Promise<void> => {
          calls.push([...records]);
          if (calls.length <= 2) throw new Error('not now');
          done.push(...records.map(valueOf));
        };
        await log.subscribe(subscription(unique('group'), topic, handler, 2));
        await until(() => expect(done).toEqual(['1', '2', '3', '4', '5']), patience);
        expect(calls.slice(0, 3).map(([first]) => first!.offset)).toEqual(
          Array(3).fill(calls[0]![0]!.offset),
        );
      });

      it('goes on after what was committed when it is opened again', async () => {
        const topic = await newTopic(1);
        const group = unique('group');
        await log.publish([record(topic, 'k', 'old')]);
        const before = await collect(topic, group);
        await until(async () => expect((await lagOf(group, topic)).records).toBe(0), patience);
        await log.close();
        log = await harness.open();
        await log.publish([record(topic, 'k', 'new')]);
        const after = await collect(topic, group);
        await until(() => expect(after.map(valueOf)).toEqual(['new']), patience);
        expect(after[0]!.offset).toBeGreaterThan(before[0]!.offset);
      });

      it('shows a group again what its killed consumer had not committed, and nothing else', async () => {
        const topic = await newTopic(1);
        const group = unique('group');
        const started = Promise.withResolvers<void>();
        const handler = (records: readonly LogRecord[]): Promise<void> => {
          if (valueOf(records[0]!) === 'done') return Promise.resolve();
          started.resolve();
          return new Promise(() => undefined);
        };
        await log.subscribe(subscription(group, topic, handler, 1));
        await log.publish([record(topic, 'k', 'done')]);
        await until(async () => expect((await lagOf(group, topic)).records).toBe(0), patience);
        await log.publish([record(topic, 'k', 'interrupted'), record(topic, 'k', 'behind')]);
        await started.promise;
        await harness.kill(log);
        log = await harness.open();
        const seen = await collect(topic, group);
        await until(() => expect(seen.map(valueOf)).toEqual(['interrupted', 'behind']), patience);
      });

      it('keeps what it acknowledged although it is killed at once', async () => {
        const topic = await newTopic();
        const values = Array.from({ length: 50 }, (_, index) => `${index}`);
        await log.publish(values.map((value) => record(topic, value, value)));
        await harness.kill(log);
        log = await harness.open();
        await sawAll(await collect(topic), values);
      });
    });

    describe('lag', () => {
      it('counts what a group has not committed, by topic', async () => {
        const [full, empty] = [await newTopic(), await newTopic()];
        await log.publish(['a', 'b', 'c'].map((key) => record(full, key, key)));
        expect(await log.lag(unique('group'), [full, empty])).toEqual([
          { topic: full, records: 3 },
          { topic: empty, records: 0 },
        ]);
      });

      it('tells when the oldest record was published that a group has not committed', async () => {
        const [topic, empty] = [await newTopic(), await newTopic()];
        const before = Date.now();
        await log.publish([record(topic, 'a', 'a')]);
        const between = Date.now();
        await until(() => expect(Date.now()).toBeGreaterThan(between + 1), patience);
        await log.publish(['b', 'c', 'd', 'e'].map((key) => record(topic, key, key)));
        const oldestAt = await log.oldestWaitingAt(unique('group'), [empty, topic]);
        expect(oldestAt).toBeGreaterThanOrEqual(before - 1);
        expect(oldestAt).toBeLessThanOrEqual(between + 1);
        expect(await log.oldestWaitingAt(unique('group'), [empty])).toBeUndefined();
      });

      it('falls to nothing as the group works, and for that group only', async () => {
        const topic = await newTopic();
        const group = unique('group');
        await log.publish(['a', 'b', 'c'].map((key) => record(topic, key, key)));
        await collect(topic, group);
        await until(async () => expect(await lagOf(group, topic)).toEqual({ topic, records: 0 }), patience);
        expect((await lagOf(unique('other'), topic)).records).toBe(3);
      });
    });

    describe('closing', () => {
      it('aborts the signal of a closing subscription, waits for its handler and commits what that did', async () => {
        const topic = await newTopic(1);
        const group = unique('group');
        const started = Promise.withResolvers<AbortSignal>();
        const release = Promise.withResolvers<void>();
        let calls = 0;
        const handler = (_records: readonly LogRecord[], signal: AbortSignal): Promise<void> => {
          calls++;
          started.resolve(signal);
          return release.promise;
        };
        const subscribed = await log.subscribe(subscription(group, topic, handler, 1));
        await log.publish([record(topic, 'k', 'running'), record(topic, 'k', 'next')]);
        const signal = await started.promise;
        expect(signal.aborted).toBe(false);
        let closed = false;
        const closing = subscribed.close().then(() => (closed = true));
        await until(() => expect(signal.aborted).toBe(true), patience);
        expect(closed).toBe(false);
        release.resolve();
        await closing;
        expect(calls).toBe(1);
        expect((await lagOf(group, topic)).records).toBe(1);
        const others = await collect(topic, group);
        await until(() => expect(others.map(valueOf)).toEqual(['next']), patience);
        expect(calls).toBe(1);
      });

      it('is healthy while open, and refuses calls once closed', async () => {
        const topic = await newTopic();
        expect(await log.healthy()).toBe(true);
        await log.close();
        expect(await log.healthy()).toBe(false);
        await expect(log.publish([record(topic, 'k', 'v')])).rejects.toThrow(MillraceError);
        await expect(collect(topic)).rejects.toThrow(MillraceError);
      });
    });
  });
}

const subscription = (
  group: string,
  topic: string,
  handler: Subscription['handler'],
  maxBatch = 100,
): Subscription => ({ group, topics: [topic], maxBatch, handler });

const record = (topic: string, key: string, value: string): NewRecord => ({ topic, key, value: utf8(value) });
const valueOf = ({ value }: LogRecord): string => text(value);
const ascending = (one: number, other: number): number => one - other;

/** Redelivery may repeat records; what comes for the first time must come in the order of publishing. */
function expectFirstSightingsInOrder(seen: readonly LogRecord[], key: string): void {
  const offsets = [...new Set(seen.filter((one) => one.key === key).map(({ offset }) => offset))];
  expect(offsets).toEqual([...offsets].sort(ascending));
}
