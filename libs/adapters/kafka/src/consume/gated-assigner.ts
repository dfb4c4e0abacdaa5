import { PartitionAssigners, type PartitionAssigner } from 'kafkajs';

/**
 * The usual assigner, with something to be done each time before the group is joined. kafkajs has no callback for that:
 * but it hands its cluster to the assigner, and looks up the group's coordinator there as the first step of joining.
 */
export const gatedAssigner =
  (beforeJoin: () => Promise<void>): PartitionAssigner =>
  (config) => {
    const { cluster } = config;
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      await beforeJoin();
      return find(group);
    };
    return PartitionAssigners.roundRobin(config);
  };
