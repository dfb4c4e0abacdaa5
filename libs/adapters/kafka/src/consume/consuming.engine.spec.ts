import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '@millrace/ports';
import { noEngine, unique, until } from '@millrace/testing';
import { Kafka, type Message } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, numbered, record, valueOf } from '../testing/collector.ts';
import { brokers, KafkaTestbed, patienceMs, sessionMs, withAdmin } from '../testing/kafka-harness.ts';

describe.skipIf(!brokers)(`consuming from Kafka${brokers ? '' : `: ${noEngine('kafka')}`}`, () => {
  let testbed: KafkaTestbed;
  let topic: string;
  let group: string;
  const open = async (partitions = 8, options = {}): Promise<EventLog> => {
    const log = await testbed.open(options);
    await log.ensureTopics([{ name: topic, partitions, retentionHours: 1 }]);
    return log;
  };
  const lag = async (log: EventLog): Promise<number> => (await log.lag(group, [topic]))[0]!.records;

  beforeEach(() => {
    testbed = new KafkaTestbed(brokers!);
    topic = testbed.newTopic();
    group = unique('group');
  });
  afterEach(() => testbed.dispose());

  it('pauses the partition of a rejected batch, and that one only', async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const log = await open(8, { redeliveryPauseMs: 60_000, onError });
    const { seen } = await collect(log, { topic, group }, async (records) => {
      if (records.some((one) => valueOf(one) === 'bad')) throw new Error('cannot');
    });
    await log.publish([record(topic, 'bad', 'bad')]);
    await until(() => expect(errors).toEqual([new Error('cannot')]), patienceMs);
    const good = numbered(40, 'good');
    await log.publish(good.map((value) => record(topic, value, value)));
    await until(() => expect(seen.length).toBeGreaterThan(20), patienceMs);
    await pause(300);
    expect(errors).toHaveLength(1);
    await until(async () => expect(await lag(log)).toBe(41 - seen.length), patienceMs);
  });

  it('stays in the group while a handler takes longer than a session, and others go on meanwhile', async () => {
    const log = await open();
    let calls = 0;
    const { seen } = await collect(log, { topic, group }, async (records) => {
      if (!records.some((one) => valueOf(one) === 'long')) return;
      calls++;
      await pause(sessionMs * 2);
    });
    await log.publish([record(topic, 'long', 'long')]);
    await until(() => expect(calls).toBe(1), patienceMs);
    const quick = numbered(20, 'quick').filter((key) => key !== 'long');
    await log.publish(quick.map((value) => record(topic, value, value)));
    await until(() => expect(seen.length).toBeGreaterThan(10), 2_000);
    await until(() => expect(seen).toContain('long'), patienceMs);
    await until(async () => expect(await lag(log)).toBe(0), patienceMs);
    expect(calls).toBe(1);
    expect(seen.toSorted()).toEqual(['long', ...quick].toSorted());
  });

  it('duplicates nothing when members of several processes come and go', async () => {
    const first = await open(8, { drainMs: 5_000 });
    const handled: string[] = [];
    const handle = async (): Promise<void> => void (await pause(2));
    const member = async (log: EventLog) => {
      const { seen, subscribed } = await collect(log, { topic, group, maxBatch: 5 }, handle);
      return { handled: () => handled.push(...seen), subscribed };
    };
    const members = [await member(first)];
    const values = numbered(3_000);
    const publishing = (async () => {
      for (let from = 0; from < values.length; from += 50) {
        await first.publish(values.slice(from, from + 50).map((value) => record(topic, value, value)));
        await pause(50);
      }
    })();
    for (let n = 0; n < 2; n++) members.push(await member(await testbed.open()));
    await pause(500);
    await members[1]!.subscribed.close();
    members.push(await member(await testbed.open()));
    await publishing;
    await until(async () => expect(await lag(first)).toBe(0), patienceMs);
    for (const one of members) one.handled();
    expect(new Set(handled).size).toBe(values.length);
    expect(handled.length).toBe(values.length);
  });

  it('tells a handler that takes too long that its partition has gone to another, and no other', async () => {
    const slow = await open(2, { drainMs: 300 });
    const signals: AbortSignal[] = [];
    const first = await collect(slow, { topic, group }, async (_records, signal) => {
      signals.push(signal);
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('lost'))));
    });
    await slow.publish(numbered(20).map((value) => record(topic, value, value)));
    await until(() => expect(signals).toHaveLength(2), patienceMs);
    const second = await collect(await testbed.open({ drainMs: 300 }), { topic, group });
    await until(() => expect(signals.filter(({ aborted }) => aborted)).toHaveLength(1), patienceMs);
    await until(() => expect(second.seen.length).toBeGreaterThan(0), patienceMs);
    await until(async () => expect(await lag(slow)).toBe(20 - second.seen.length), patienceMs);
    expect(second.seen.length).toBeLessThan(20);
    expect(first.seen).toEqual([]);
    expect(signals).toHaveLength(2);
  });

  it('waits for a handler that takes longer than a session while another joins, and hands it nothing twice', async () => {
    const log = await open(2, { drainMs: 20_000 });
    const began = Promise.withResolvers<void>();
    const first = await collect(log, { topic, group }, async () => {
      began.resolve();
      await pause(sessionMs * 2);
    });
    await log.publish(numbered(20).map((value) => record(topic, value, value)));
    await began.promise;
    const second = await collect(await testbed.open(), { topic, group });
    await until(async () => expect(await lag(log)).toBe(0), patienceMs);
    expect([...first.seen, ...second.seen].map(Number).toSorted((a, b) => a - b)).toEqual(
      numbered(20).map(Number),
    );
  });

  it('leaves partitions where they are when another member joins or leaves', async () => {
    const log = await open(12);
    const handled: { by: string; partition: number }[] = [];
    const join = async (by: string) =>
      (await testbed.open()).subscribe({
        ...{ group, topics: [topic], maxBatch: 100 },
        handler: async (records) => void handled.push(...records.map(({ partition }) => ({ by, partition }))),
      });
    const holders = async (): Promise<Map<number, string>> => {
      handled.length = 0;
      await log.publish(numbered(200).map((value) => record(topic, value, value)));
      await until(() => expect(handled.length).toBeGreaterThanOrEqual(200), patienceMs);
      return new Map(handled.map(({ partition, by }) => [partition, by]));
    };
    const held = (by: Map<number, string>, who: string) => [...by].filter(([, one]) => one === who).length;
    await join('one');
    await join('two');
    const two = await holders();
    expect([held(two, 'one'), held(two, 'two')]).toEqual([6, 6]);
    const third = await join('three');
    const three = await holders();
    expect([held(three, 'one'), held(three, 'two'), held(three, 'three')]).toEqual([4, 4, 4]);
    const moved = [...three].filter(([partition, by]) => by !== 'three' && two.get(partition) !== by);
    expect(moved).toEqual([]);
    await third.close();
    const again = await holders();
    expect([...again].filter(([partition, by]) => three.get(partition) !== by)).toHaveLength(4);
  });

  it('goes on behind what retention took from a slow group', async () => {
    const log = await open(1);
    await log.publish(['committed', 'gone', 'gone too'].map((value) => record(topic, value)));
    const before = await collect(log, { topic, group, maxBatch: 1 }, async ([one]) => {
      if (valueOf(one!) !== 'committed') await new Promise(() => undefined);
    });
    await until(async () => expect(await lag(log)).toBe(2), patienceMs);
    expect(before.seen).toEqual(['committed']);
    testbed.kill(log);
    await withAdmin(brokers!, async (admin) => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    });
    const later = await testbed.open();
    expect(await lag(later)).toBe(0);
    await later.publish([record(topic, 'there')]);
    expect(await lag(later)).toBe(1);
    const { seen } = await collect(later, { topic, group });
    await until(() => expect(seen).toEqual(['there']), patienceMs);
    await until(async () => expect(await lag(later)).toBe(0), patienceMs);
  });

  it('reads what others wrote without key, value or in other ways', async () => {
    const log = await open(1);
    await withProducer(async (send) => {
      await send(topic, [
        { key: null, value: 'no key' },
        { key: 'k', value: null },
        { key: 'k', value: 'headers', headers: { one: 'a', many: ['b', 'c'] } },
      ]);
    });
    const records: unknown[] = [];
    await collect(log, { topic, group }, async (batch) => void records.push(...batch));
    await until(() => expect(records).toHaveLength(3), patienceMs);
    expect(records).toMatchObject([
      { key: '', headers: {} },
      { key: 'k', value: new Uint8Array() },
      { key: 'k', headers: { one: 'a', many: 'c' } },
    ]);
  });

  it('holds few records of a partition whose handler is slow', async () => {
    const log = await open(1);
    const value = new Uint8Array(512 * 1024);
    for (let n = 0; n < 6; n++) await log.publish(numbered(4).map(() => ({ topic, key: 'k', value })));
    const began = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const sizes: number[] = [];
    await collect(log, { topic, group, maxBatch: 100 }, async (records) => {
      began.resolve();
      sizes.push(records.length);
      await release.promise;
    });
    await began.promise;
    await pause(1_000);
    release.resolve();
    await until(async () => expect(await lag(log)).toBe(0), patienceMs);
    // 4 MiB are eight of them.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
  });
});

type Send = (topic: string, messages: Message[]) => Promise<unknown>;

async function withProducer(act: (send: Send) => Promise<void>): Promise<void> {
  const producer = new Kafka({ brokers: [...brokers!], logCreator: () => () => undefined }).producer();
  await producer.connect();
  try {
    await act((topic, messages) => producer.send({ topic, messages }));
  } finally {
    await producer.disconnect();
  }
}
