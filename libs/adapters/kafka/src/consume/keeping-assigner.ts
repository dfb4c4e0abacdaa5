import { AssignerProtocol, type Assigner, type Cluster, type PartitionAssigner } from 'kafkajs';
import { deal, type Contender } from './deal.ts';
import type { Place } from './place.ts';

/** All members of a group must have the same; another way of dealing needs another name. */
const name = 'millrace-keeping';
const version = 1;

export interface AssignerHooks {
  /** Done each time before the group is joined. */
  readonly beforeJoin: () => Promise<void>;
  /** What this member has now. */
  readonly assigned: () => readonly Place[];
}

/**
 * How the group is dealt out: see `deal`. Each member tells what it had, the one that leads the group deals.
 *
 * kafkajs has no callback for when partitions are about to be taken away. But it hands its cluster to the assigner, and
 * looks up the group's coordinator there as the first step of each joining: that is where `beforeJoin` is waited for.
 */
export const keepingAssigner =
  ({ beforeJoin, assigned }: AssignerHooks): PartitionAssigner =>
  ({ cluster }) => {
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      await beforeJoin();
      return find(group);
    };
    return {
      name,
      version,
      protocol: ({ topics }) => ({ name, metadata: encodeMember(topics, assigned()) }),
      assign: async ({ members }) => {
        const contenders = members.map(({ memberId, memberMetadata }) => contender(memberId, memberMetadata));
        const dealt = deal(contenders, await placesOf(cluster, contenders));
        return [...dealt].map(([memberId, places]) => ({ memberId, memberAssignment: encodeShare(places) }));
      },
    } satisfies Assigner;
  };

const encodeMember = (topics: string[], had: readonly Place[]): Buffer =>
  AssignerProtocol.MemberMetadata.encode({ version, topics, userData: Buffer.from(JSON.stringify(had)) });

function contender(memberId: string, metadata: Buffer): Contender {
  const decoded = AssignerProtocol.MemberMetadata.decode(metadata);
  const told = decoded?.userData.toString() || '[]';
  return { memberId, topics: decoded?.topics ?? [], had: JSON.parse(told) as Place[] };
}

function encodeShare(places: readonly Place[]): Buffer {
  const byTopic = Object.groupBy(places, ({ topic }) => topic);
  const assignment = Object.fromEntries(
    Object.entries(byTopic).map(([topic, ofTopic = []]) => [
      topic,
      ofTopic.map(({ partition }) => partition),
    ]),
  );
  return AssignerProtocol.MemberAssignment.encode({ version, assignment, userData: Buffer.alloc(0) });
}

/** Of all topics that somebody reads, also those that the leader does not. */
async function placesOf(cluster: Cluster, contenders: readonly Contender[]): Promise<Place[]> {
  const topics = [...new Set(contenders.flatMap(({ topics }) => topics))].toSorted();
  await cluster.addMultipleTargetTopics(topics);
  return topics.flatMap((topic) =>
    cluster.findTopicPartitionMetadata(topic).map(({ partitionId: partition }) => ({ topic, partition })),
  );
}
