import { noEngine } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokers, KafkaTestbed, withAdmin } from '../testing/kafka-harness.ts';
import { KafkaTopics } from './kafka-topics.ts';

describe.skipIf(!brokers)(`topics on Kafka${brokers ? '' : `: ${noEngine('kafka')}`}`, () => {
  let testbed: KafkaTestbed;
  let topics: KafkaTopics;
  beforeEach(() => {
    testbed = new KafkaTestbed(brokers!);
    topics = new KafkaTopics({ brokers: brokers! });
  });
  afterEach(async () => {
    await topics.close();
    await testbed.dispose();
  });

  const wish = (over = {}) => ({ name: testbed.newTopic(), partitions: 3, retentionHours: 24, ...over });

  it('creates what is missing, and finds it as wished', async () => {
    const wishes = [wish(), wish({ compacted: true })];
    expect((await topics.describe(wishes)).map(({ state }) => state)).toEqual(['missing', 'missing']);
    expect((await topics.apply(wishes)).map(({ state }) => state)).toEqual(['created', 'created']);
    const asWished = [{ state: 'as wished', differences: [] }, { state: 'as wished' }];
    expect(await topics.describe(wishes)).toMatchObject(asWished);
    expect(await topics.apply(wishes)).toMatchObject(asWished);
  });

  it('reports drift, and changes nothing that it was not told to', async () => {
    const made = wish({ partitions: 2, retentionHours: 1 });
    await topics.apply([made]);
    const wished = { ...made, partitions: 4, retentionHours: 2, compacted: true };
    const differences = [
      { what: 'partitions', wanted: '4', actual: '2' },
      { what: 'retention.ms', wanted: '7200000', actual: '3600000' },
      { what: 'cleanup.policy', wanted: 'compact,delete', actual: 'delete' },
    ];
    expect(await topics.apply([wished])).toEqual([{ name: made.name, state: 'differs', differences }]);
    expect(await topics.describe([made])).toMatchObject([{ state: 'as wished' }]);
  });

  it('changes settings when told to, and keeps the others that were made on the topic', async () => {
    const made = wish();
    await topics.apply([made]);
    await withAdmin(brokers!, (admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          { type: 2, name: made.name, configEntries: [{ name: 'max.message.bytes', value: '12345' }] },
        ],
      }),
    );
    const wished = { ...made, retentionHours: 2, partitions: 6 };
    expect(await topics.apply([wished], { settings: true })).toMatchObject([
      { state: 'differs', differences: [{ what: 'partitions' }] },
    ]);
    const limit = await withAdmin(brokers!, (admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: made.name, configNames: ['max.message.bytes'] }],
      }),
    );
    expect(limit.resources[0]!.configEntries[0]!.configValue).toBe('12345');
  });

  it('adds partitions when told to, and never takes any away', async () => {
    const made = wish();
    await topics.apply([made]);
    const more = { ...made, partitions: 5 };
    expect(await topics.apply([more], { partitions: true })).toMatchObject([{ state: 'changed' }]);
    expect(await topics.describe([more])).toMatchObject([{ state: 'as wished' }]);
    expect(await topics.apply([made], { partitions: true, settings: true })).toMatchObject([
      { state: 'differs', differences: [{ what: 'partitions', wanted: '3', actual: '5' }] },
    ]);
  });

  it('is refused in time where there is no Kafka', async () => {
    const nowhere = new KafkaTopics({ brokers: ['127.0.0.1:1'] });
    await expect(nowhere.describe([wish()])).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await nowhere.close();
  });
});
