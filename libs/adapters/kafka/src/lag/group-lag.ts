import type { TopicLag } from '@millrace/ports';
import type { Admin } from 'kafkajs';
import { newestBefore } from './newest-instant.ts';
import { positionOf, waitingIn, type PartitionState } from './partition-lag.ts';

/** What the group has not committed of a topic, with the time of the oldest record of it. */
export async function lagOf(admin: Admin, group: string, topic: string): Promise<TopicLag> {
  const states = await statesOf(admin, group, topic);
  const records = states.reduce((sum, state) => sum + waitingIn(state), 0);
  if (records === 0) return { topic, records };
  const behind = states.filter((state) => waitingIn(state) > 0);
  return { topic, records, oldestAt: await oldestAt(admin, topic, behind) };
}

async function statesOf(admin: Admin, group: string, topic: string): Promise<PartitionState[]> {
  const [offsets, committed] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  ]);
  const byPartition = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, offset]));
  return offsets.map(({ partition, high, low }) => ({
    partition,
    high: Number(high),
    low: Number(low),
    committed: Number(byPartition.get(partition) ?? -1),
  }));
}

/**
 * Kafka tells offsets by time but not times by offset, so the time is searched for: the records of a partition that are
 * not older than an instant begin behind its oldest waiting one once the instant is later than that.
 */
function oldestAt(admin: Admin, topic: string, behind: readonly PartitionState[]): Promise<number> {
  const positions = new Map(behind.map((state) => [state.partition, positionOf(state)]));
  return newestBefore(Date.now(), async (instant) => {
    const first = await admin.fetchTopicOffsetsByTimestamp(topic, instant);
    return first.some(({ partition, offset }) => Number(offset) > (positions.get(partition) ?? Infinity));
  });
}
