import { noEngine, unique, until } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, record } from '../testing/collector.ts';
import { brokers, KafkaTestbed, patienceMs, withAdmin } from '../testing/kafka-harness.ts';
import { withPrefix } from './prefixed-log.ts';

describe.skipIf(!brokers)(`a log with a prefix${brokers ? '' : `: ${noEngine('kafka')}`}`, () => {
  let testbed: KafkaTestbed;
  beforeEach(() => (testbed = new KafkaTestbed(brokers!)));
  afterEach(() => testbed.dispose());

  it('shares neither topics nor groups with another, and calls them by the same names', async () => {
    const [topic, group, prefix] = [unique('topic'), unique('group'), `${unique('own')}.`];
    const [red, blue] = [
      withPrefix(await testbed.open(), `${prefix}red.`),
      withPrefix(await testbed.open(), `${prefix}blue.`),
    ];
    for (const log of [red, blue])
      await log.ensureTopics([{ name: topic, partitions: 2, retentionHours: 1 }]);
    const topics = new Set<string>();
    const { seen } = await collect(red, { topic, group }, async (records) =>
      records.forEach((one) => topics.add(one.topic)),
    );
    await blue.publish([record(topic, 'blue', 'key')]);
    await red.publish([record(topic, 'red', 'key')]);
    await until(async () => expect((await red.lag(group, [topic]))[0]!.records).toBe(0), patienceMs);
    expect(seen).toEqual(['red']);
    expect([...topics]).toEqual([topic]);
    expect(await blue.lag(group, [topic])).toMatchObject([{ topic, records: 1 }]);
    expect(await withAdmin(brokers!, (admin) => admin.listTopics())).toEqual(
      expect.arrayContaining([`${prefix}red.${topic}`, `${prefix}blue.${topic}`]),
    );
  });
});
