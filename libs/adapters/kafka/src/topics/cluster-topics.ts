import type { Admin } from 'kafkajs';
import { resourceTypes } from '../connection/resource-types.ts';
import { protocolError } from '../connection/kafka-error.ts';
import type { ActualTopic } from './topic-drift.ts';
import { settingsOf, type TopicWish } from './topic-wish.ts';

/** Where Kafka says that a setting was made on the topic itself: the ones that an alteration must repeat. */
const setOnTopic = 1;

/** A topic's partitions and all its settings, defaults included; undefined when there is no such topic. */
export async function lookUpTopic(admin: Admin, name: string): Promise<ActualTopic | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    const entries = await configEntries(admin, name);
    return {
      partitions: topics[0]!.partitions.length,
      settings: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
    };
  } catch (error) {
    if (protocolError(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return undefined;
    throw error;
  }
}

/** Creates topics; one that is there already, or is made by another just now, stays as it is. */
export async function createTopics(
  admin: Admin,
  wishes: readonly TopicWish[],
  replicationFactor: number,
): Promise<void> {
  const topics = wishes.map((wish) => ({
    topic: wish.name,
    numPartitions: wish.partitions,
    replicationFactor,
    configEntries: Object.entries(settingsOf(wish)).map(([name, value]) => ({ name, value })),
  }));
  if (topics.length > 0) await admin.createTopics({ topics, waitForLeaders: true });
}

export const addPartitions = (admin: Admin, { name, partitions }: TopicWish): Promise<boolean> =>
  admin.createPartitions({ topicPartitions: [{ topic: name, count: partitions }] });

/** kafkajs can only replace the settings of a topic as a whole, so those that were made on it are given again. */
export async function alterSettings(admin: Admin, wish: TopicWish): Promise<void> {
  const entries = await configEntries(admin, wish.name);
  const own = entries.filter(({ configSource }) => Number(configSource) === setOnTopic);
  const kept = Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]));
  const configEntriesNow = Object.entries({ ...kept, ...settingsOf(wish) });
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: resourceTypes.topic,
        name: wish.name,
        configEntries: configEntriesNow.map(([name, value]) => ({ name, value })),
      },
    ],
  });
}

async function configEntries(admin: Admin, name: string) {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: resourceTypes.topic, name }],
  });
  return resources[0]?.configEntries ?? [];
}
