export type { KafkaConnection } from './connection/kafka-options.ts';
export { KafkaEventLog, type KafkaEventLogOptions } from './kafka-event-log.ts';
export { withPrefix } from './topics/prefixed-log.ts';
export { KafkaTopics, type Permissions, type TopicReport } from './topics/kafka-topics.ts';
export type { Difference } from './topics/topic-drift.ts';
export type { TopicWish } from './topics/topic-wish.ts';
