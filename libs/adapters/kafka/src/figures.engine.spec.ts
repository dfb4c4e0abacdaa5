import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '@millrace/ports';
import { noEngine, unique, until } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, numbered, record } from './testing/collector.ts';
import { brokers, KafkaTestbed, patienceMs } from './testing/kafka-harness.ts';

/** What the README says of speed, with bounds that a busy machine keeps. */
describe.skipIf(!brokers)(`figures of Kafka${brokers ? '' : `: ${noEngine('kafka')}`}`, () => {
  let testbed: KafkaTestbed;
  let topic: string;
  const open = async (options = {}): Promise<EventLog> => {
    const log = await testbed.open(options);
    await log.ensureTopics([{ name: topic, partitions: 12, retentionHours: 1 }]);
    return log;
  };
  beforeEach(() => {
    testbed = new KafkaTestbed(brokers!);
    topic = testbed.newTopic();
  });
  afterEach(() => testbed.dispose());

  it('from publish to handler', async () => {
    const log = await open();
    const sent = new Map<string, number>();
    const took: number[] = [];
    await log.subscribe({
      ...{ group: unique('group'), topics: [topic], maxBatch: 64 },
      handler: async (records) => {
        for (const { key } of records) took.push(performance.now() - sent.get(key)!);
      },
    });
    for (const key of numbered(1_000)) {
      sent.set(key, performance.now());
      await Promise.all([log.publish([record(topic, 'v', key)]), pause(10)]);
    }
    await until(() => expect(took).toHaveLength(1_000), patienceMs);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => took.toSorted((a, b) => a - b)[part * 1_000]!);
    console.log(`publish to handler at 100/s: p50 ${ms(p50!)}, p95 ${ms(p95!)}, p99 ${ms(p99!)}`);
    expect(p50).toBeLessThan(50);
  });

  it('records a second', async () => {
    const log = await open();
    const value = 'x'.repeat(1_000);
    const keys = numbered(20_000);
    const one = await rate(keys.length, () =>
      Promise.all(keys.map((key) => log.publish([record(topic, value, key)]))),
    );
    const callers = 64;
    const steady = await rate(keys.length, () =>
      Promise.all(
        numbered(callers).map(async (caller) => {
          for (let n = Number(caller); n < keys.length; n += callers)
            await log.publish([record(topic, value, keys[n])]);
        }),
      ),
    );
    const { seen } = await collect(log, { topic, group: unique('group') });
    const read = await rate(2 * keys.length, () =>
      until(() => expect(seen).toHaveLength(2 * keys.length), patienceMs),
    );
    console.log(`1 kB records: ${one}/s published at once, ${steady}/s by 64 callers, ${read}/s consumed`);
    expect(steady).toBeGreaterThan(500);
  });

  it('partitions of a killed consumer', async () => {
    for (const sessionMs of [2_500, 6_000]) {
      const group = unique('group');
      const [killed, other] = [await open({ sessionMs }), await testbed.open({ sessionMs })];
      await collect(killed, { topic, group });
      const { seen } = await collect(other, { topic, group });
      const keys = numbered(200, `${sessionMs}-`);
      testbed.kill(killed);
      const before = performance.now();
      await other.publish(keys.map((key) => record(topic, key, key)));
      const mine = () => seen.filter((value) => value.startsWith(`${sessionMs}-`)).length;
      await until(() => expect(mine()).toBe(keys.length), patienceMs);
      const moved = performance.now() - before;
      console.log(
        `partitions of a killed consumer move after ${ms(moved)} with a session of ${sessionMs} ms`,
      );
      expect(moved).toBeLessThan(sessionMs + 4_000);
    }
  });

  it('pause when a member joins', async () => {
    const group = unique('group');
    const log = await open();
    let longest = 0;
    const sent = new Map<string, number>();
    const subscription = {
      ...{ group, topics: [topic], maxBatch: 64 },
      handler: async (records: readonly { key: string }[]) => {
        for (const { key } of records) longest = Math.max(longest, performance.now() - sent.get(key)!);
      },
    };
    await log.subscribe(subscription);
    const others = [await testbed.open(), await testbed.open()];
    const pauses: number[] = [];
    for (const [index, other] of others.entries()) {
      longest = 0;
      const publishing = (async () => {
        for (const key of numbered(300, `${index}-`)) {
          sent.set(key, performance.now());
          await Promise.all([log.publish([record(topic, 'v', key)]), pause(10)]);
        }
      })();
      await pause(500);
      await other.subscribe(subscription);
      await publishing;
      await until(async () => expect((await log.lag(group, [topic]))[0]!.records).toBe(0), patienceMs);
      pauses.push(longest);
    }
    console.log(`longest wait of a record while a member joins: ${pauses.map(ms).join(', ')}`);
    expect(Math.max(...pauses)).toBeLessThan(5_000);
  });
});

const ms = (value: number): string => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;

async function rate(count: number, act: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await act();
  return Math.round((count / (performance.now() - before)) * 1_000);
}
