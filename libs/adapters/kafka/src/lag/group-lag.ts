import type { TopicLag } from '@millrace/ports';
import type { Admin } from 'kafkajs';
import { newestBefore } from './newest-instant.ts';
import { positionOf, waitingIn, type PartitionState } from './partition-lag.ts';

interface TopicState {
  readonly topic: string;
  readonly partitions: readonly PartitionState[];
}

/** What the group has not committed, by topic. */
export async function lagOf(admin: Admin, group: string, topics: readonly string[]): Promise<TopicLag[]> {
  const states = await statesOf(admin, group, topics);
  return states.map(({ topic, partitions }) => ({
    topic,
    records: partitions.reduce((sum, partition) => sum + waitingIn(partition), 0),
  }));
}

/** The time of the oldest record that the group has not committed. */
export async function oldestWaitingAt(
  admin: Admin,
  group: string,
  topics: readonly string[],
): Promise<number | undefined> {
  const states = await statesOf(admin, group, topics);
  const behind = states
    .map(({ topic, partitions }) => ({ topic, partitions: partitions.filter((one) => waitingIn(one) > 0) }))
    .filter(({ partitions }) => partitions.length > 0);
  const times = await Promise.all(behind.map((state) => oldestOf(admin, state)));
  return times.length > 0 ? Math.min(...times) : undefined;
}

async function statesOf(admin: Admin, group: string, topics: readonly string[]): Promise<TopicState[]> {
  const [committed, ...offsets] = await Promise.all([
    admin.fetchOffsets({ groupId: group, topics: [...topics] }),
    ...topics.map((topic) => admin.fetchTopicOffsets(topic)),
  ]);
  return topics.map((topic, index) => {
    const known = committed.find((one) => one.topic === topic)?.partitions ?? [];
    const byPartition = new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
    const partitions = offsets[index]!.map(({ partition, high, low }) => ({
      ...{ partition, high: Number(high), low: Number(low) },
      committed: byPartition.get(partition) ?? -1,
    }));
    return { topic, partitions };
  });
}

/**
 * Kafka tells offsets by time but not times by offset, so the time is searched for: the records of a partition that are
 * not older than an instant begin behind its oldest waiting one once the instant is later than that.
 */
function oldestOf(admin: Admin, { topic, partitions }: TopicState): Promise<number> {
  const positions = new Map(partitions.map((state) => [state.partition, positionOf(state)]));
  return newestBefore(Date.now(), async (instant) => {
    const first = await admin.fetchTopicOffsetsByTimestamp(topic, instant);
    return first.some(({ partition, offset }) => Number(offset) > (positions.get(partition) ?? Infinity));
  });
}
