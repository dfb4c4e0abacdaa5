import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { noEngine, unique, until } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KafkaEventLog } from '../kafka-event-log.ts';
import { collect, numbered, record } from '../testing/collector.ts';
import { brokers, KafkaTestbed, patienceMs, withAdmin } from '../testing/kafka-harness.ts';

describe.skipIf(!brokers)(`publishing to Kafka${brokers ? '' : `: ${noEngine('kafka')}`}`, () => {
  let testbed: KafkaTestbed;
  let topic: string;
  let log: KafkaEventLog;
  const open = async (options = {}, partitions = 4): Promise<void> => {
    log = await testbed.open(options);
    await log.ensureTopics([{ name: topic, partitions, retentionHours: 1 }]);
  };
  const read = async (count: number): Promise<string[]> => {
    const { seen } = await collect(log, { topic, group: unique('group') });
    await until(() => expect(seen.length).toBeGreaterThanOrEqual(count), patienceMs);
    return seen;
  };

  beforeEach(() => {
    testbed = new KafkaTestbed(brokers!);
    topic = testbed.newTopic();
  });
  afterEach(() => testbed.dispose());

  it('refuses unknown topics at once', async () => {
    await open();
    const before = performance.now();
    const unknown = unique('unknown');
    const both = [record(topic, 'known'), record(unknown, 'not')];
    await expect(log.publish(both)).rejects.toMatchObject({ code: 'internal' });
    const subscribing = log.subscribe({
      group: 'g',
      topics: [unknown],
      maxBatch: 1,
      handler: async () => {},
    });
    await expect(subscribing).rejects.toMatchObject({ code: 'internal' });
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('is not healthy while a topic that it writes to is not there', async () => {
    await open();
    await log.publish([record(topic, 'v')]);
    expect(await log.healthy()).toBe(true);
    await withAdmin(brokers!, (admin) => admin.deleteTopics({ topics: [topic] }));
    await until(async () => expect(await log.healthy()).toBe(false), patienceMs);
    await log.ensureTopics([{ name: topic, partitions: 4, retentionHours: 1 }]);
    await until(async () => expect(await log.healthy()).toBe(true), patienceMs);
  });

  it('lets two instances make the same topics at once', async () => {
    await open();
    const other = await testbed.open();
    const wishes = numbered(6).map(() => ({ name: testbed.newTopic(), partitions: 3, retentionHours: 1 }));
    await Promise.all([log.ensureTopics(wishes), other.ensureTopics(wishes)]);
    for (const { name } of wishes) await other.publish([record(name, 'v')]);
  });

  it('takes more in one call than a batch or a request may hold', async () => {
    await open({}, 1);
    const large = (n: number) => ({ topic, key: 'k', value: new Uint8Array(700_000).fill(n) });
    await log.publish(numbered(20).map((_, n) => large(n)));
    const order: number[] = [];
    await collect(log, { topic, group: unique('group') }, async (records) => {
      order.push(...records.map(({ value }) => value[0]!));
    });
    await until(() => expect(order).toEqual(numbered(20).map(Number)), patienceMs);
  });

  it('keeps the order of calls, each record once, when thousands are under way', async () => {
    await open({}, 2);
    const values = numbered(5_000);
    await Promise.all(values.map((value) => log.publish([record(topic, value, `k${Number(value) % 2}`)])));
    const seen = await read(values.length);
    for (const rest of [0, 1]) {
      const ofKey = seen.map(Number).filter((value) => value % 2 === rest);
      expect(ofKey).toEqual(values.map(Number).filter((value) => value % 2 === rest));
    }
  });

  it('goes by the limit of the topic where that is lower, and lets others through', async () => {
    await open({}, 1);
    await withAdmin(brokers!, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: 2, name: topic, configEntries: [{ name: 'max.message.bytes', value: '10000' }] }],
      }),
    );
    const publish = (bytes: number) => log.publish([{ topic, key: 'k', value: new Uint8Array(bytes) }]);
    const outcomes = await Promise.allSettled([publish(5_000), publish(20_000), publish(6_000)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'body_too_large' } });
  });

  it('lets others through when the limit was lowered after it was looked up', async () => {
    await open({}, 1);
    await log.publish([record(topic, 'before')]);
    await withAdmin(brokers!, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: 2, name: topic, configEntries: [{ name: 'max.message.bytes', value: '10000' }] }],
      }),
    );
    const publish = (bytes: number) => log.publish([{ topic, key: 'k', value: new Uint8Array(bytes) }]);
    const outcomes = await Promise.allSettled([publish(1), publish(5_000), publish(20_000), publish(600)]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'body_too_large' } });
  });

  it('counts key and headers of a record that is too large', async () => {
    await open();
    const headers = { long: 'x'.repeat(60_000) };
    const value = new Uint8Array(log.limits.maxRecordBytes);
    await expect(log.publish([{ topic, key: 'k', value, headers }])).rejects.toMatchObject({
      code: 'body_too_large',
    });
  });

  it('refuses more than may wait, and nothing once that is sent', async () => {
    await open({ maxWaitingBytes: 1_000_000, publishMs: 20_000 });
    const value = new Uint8Array(400_000);
    const outcomes = await Promise.allSettled(
      numbered(10).map((key) => log.publish([{ topic, key, value }])),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'queue_full' } });
    await log.publish([{ topic, key: 'k', value }]);
  });

  it('rejects in time while cut off, says so in one line, and goes on by itself', async () => {
    const errors: unknown[] = [];
    const warnings: string[] = [];
    const [onError, onWarning] = [
      (error: unknown) => errors.push(error),
      (text: string) => warnings.push(text),
    ];
    await open({ publishMs: 2_000, onError, onWarning });
    const { seen } = await collect(log, { topic, group: unique('group') });
    await log.publish([record(topic, 'before')]);
    const sockets = testbed.socketsOf(log);
    sockets.cut();
    const before = performance.now();
    const failures = await Promise.allSettled(
      numbered(20).map((value) => log.publish([record(topic, `lost${value}`)])),
    );
    expect(performance.now() - before).toBeLessThan(4_000);
    for (const one of failures) expect(one).toMatchObject({ reason: { code: 'dependency_unavailable' } });
    const asked = performance.now();
    expect(await log.healthy()).toBe(false);
    expect(performance.now() - asked).toBeLessThan(2_000);
    await until(() => expect(errors).toHaveLength(1), patienceMs);
    sockets.restore();
    await until(() => log.publish([record(topic, 'after')]), patienceMs);
    await until(() => expect(seen).toContain('after'), patienceMs);
    expect(await log.healthy()).toBe(true);
    expect(seen[0]).toBe('before');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(MillraceError);
    expect(warnings).toHaveLength(1);
  });

  it('rejects in time, is unhealthy and closes when answers stop coming', async () => {
    await open({ publishMs: 1_500 });
    await collect(log, { topic, group: unique('group') });
    const sockets = testbed.socketsOf(log);
    sockets.freeze();
    const before = performance.now();
    await expect(log.publish([record(topic, 'v')])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(performance.now() - before).toBeLessThan(2_500);
    expect(await log.healthy()).toBe(false);
    const closing = performance.now();
    await log.close();
    expect(performance.now() - closing).toBeLessThan(15_000);
    sockets.restore();
  });

  it('gives up connections on which answers stopped coming, and goes on over new ones', async () => {
    await open({ publishMs: 2_000 });
    const { seen } = await collect(log, { topic, group: unique('group') });
    await log.publish([record(topic, 'before')]);
    await until(() => expect(seen).toEqual(['before']), patienceMs);
    const sockets = testbed.socketsOf(log);
    sockets.freeze();
    await expect(log.publish([record(topic, 'during')])).rejects.toMatchObject({
      code: 'dependency_unavailable',
    });
    sockets.restore();
    await until(() => log.publish([record(topic, 'after')]), patienceMs);
    await until(() => expect(seen).toContain('after'), patienceMs);
    await until(async () => expect(await log.healthy()).toBe(true), patienceMs);
    // It was written before the answer was lost, and not again with each repetition.
    expect(seen.filter((value) => value === 'during')).toHaveLength(1);
  });

  it('refuses what comes once it is closed, and ends what came before', async () => {
    await open();
    const outcomes = Promise.allSettled(numbered(100).map((value) => log.publish([record(topic, value)])));
    await log.close();
    for (const outcome of await outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'shutting_down' });
    await expect(log.publish([record(topic, 'v')])).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(log.lag('g', [topic])).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('says that it ends to who waits for a topic to be looked up', async () => {
    await open();
    testbed.socketsOf(log).freeze();
    const refused = expect(log.publish([record(topic, 'v')])).rejects.toMatchObject({
      code: 'shutting_down',
    });
    await pause(50);
    await log.close();
    await refused;
  });
});
