import type { Admin } from 'kafkajs';
import { resourceTypes } from './connection/resource-types.ts';

/** Kafka's own default of `message.max.bytes`. */
export const usualMaxBatchBytes = 1_048_588;

/** Largest batch of records that the cluster takes where a topic does not say otherwise, in bytes. */
export async function maxBatchBytesOf(admin: Admin): Promise<number> {
  const { brokers } = await admin.describeCluster();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [
      {
        type: resourceTypes.broker,
        name: String(brokers[0]!.nodeId),
        configNames: ['message.max.bytes'],
      },
    ],
  });
  const value = Number(resources[0]?.configEntries[0]?.configValue);
  return value > 0 ? value : usualMaxBatchBytes;
}
