import { KafkaTopics, type Permissions, type TopicReport } from '@millrace/adapters/kafka';
import { topics } from '@millrace/contracts';
import type { Settings } from '@millrace/platform';
import { kafkaConnection } from './kafka-connection.ts';
import { kafkaSettings } from './settings/engine-settings.ts';

export type { TopicReport } from '@millrace/adapters/kafka';

/** The topics of the contracts' table in Kafka, under the prefix of this installation. */
export interface DeclaredTopics {
  /** Changes nothing. */
  describe(): Promise<TopicReport[]>;
  /** Makes what is missing, and changes of the rest what is permitted. */
  apply(may: Permissions): Promise<TopicReport[]>;
  close(): Promise<void>;
}

/** Undefined where the settings do not say where Kafka is. */
export function declaredTopics(settings: Settings): DeclaredTopics | undefined {
  const { brokers, prefix } = settings.of(kafkaSettings);
  if (!brokers) return undefined;
  const kafka = new KafkaTopics(kafkaConnection(settings));
  const wishes = topics().map((topic) => ({ ...topic, name: `${prefix}${topic.name}` }));
  return {
    describe: () => kafka.describe(wishes),
    apply: (may) => kafka.apply(wishes, may),
    close: () => kafka.close(),
  };
}
