import {
  BLOB_STORE,
  CACHE,
  EVENT_LOG,
  QUOTA_LEDGER,
  REGISTRY,
  REQUEST_REPLY,
  VECTOR_STORE,
  WORK_QUEUE,
} from '@millrace/ports';
import { BullWorkQueue, RedisRequestReply, type RedisOptions } from '@millrace/adapters/bullmq';
import { KafkaEventLog, withPrefix } from '@millrace/adapters/kafka';
import { postgresDialect } from '@millrace/adapters/postgres';
import { QdrantVectorStore } from '@millrace/adapters/qdrant';
import { RedisCache, RedisQuotaLedger } from '@millrace/adapters/redis';
import { S3BlobStore } from '@millrace/adapters/s3';
import { SqlRegistry } from '@millrace/adapters/sql-registry';
import { kafkaConnection } from './kafka-connection.ts';
import { localPorts } from './local-ports.ts';
import { reportTo, standard, type PortContext, type PortTable } from './port-host.ts';
import {
  kafkaSettings,
  postgresSettings,
  qdrantSettings,
  redisSettings,
  s3Settings,
} from './settings/engine-settings.ts';

/** Distributed: every port on an engine that many processes share. A new adapter is one line here. */
export const distributedPorts: PortTable = new Map([
  ...localPorts,
  [
    EVENT_LOG,
    {
      name: 'event-log',
      open: async (context) =>
        standard(
          withPrefix(
            await KafkaEventLog.open({
              ...kafkaConnection(context.settings),
              onError: reportTo(context, 'event log'),
            }),
            context.settings.of(kafkaSettings).prefix,
          ),
        ),
    },
  ],
  [
    WORK_QUEUE,
    {
      name: 'work-queue',
      open: async (context) => standard(new BullWorkQueue(redisOptions(context, 'work queue'))),
    },
  ],
  [
    REQUEST_REPLY,
    {
      name: 'request-reply',
      open: async (context) => standard(new RedisRequestReply(redisOptions(context, 'calls'))),
    },
  ],
  [
    REGISTRY,
    {
      name: 'registry',
      open: async ({ settings }) => {
        const { url, poolSize } = settings.of(postgresSettings);
        return standard(await SqlRegistry.open({ dialect: postgresDialect({ url: url!, poolSize }) }));
      },
    },
  ],
  [
    VECTOR_STORE,
    {
      name: 'vector-store',
      open: async ({ settings }) => {
        const { url, ...options } = settings.of(qdrantSettings);
        return standard(new QdrantVectorStore({ url: url!, ...options }));
      },
    },
  ],
  [
    BLOB_STORE,
    {
      name: 'blob-store',
      open: async ({ settings }) => {
        const { bucket, accessKey, secretKey, endpoint, ...options } = settings.of(s3Settings);
        return standard(
          await S3BlobStore.open({
            bucket: bucket!,
            accessKey: accessKey!,
            secretKey: secretKey!,
            ...options,
            ...(endpoint && { endpoint }),
          }),
        );
      },
    },
  ],
  [
    QUOTA_LEDGER,
    {
      name: 'quota-ledger',
      open: async ({ settings }) => {
        const { url, prefix } = settings.of(redisSettings);
        return standard(RedisQuotaLedger.open({ url: url!, prefix: `${prefix}:quota:` }));
      },
    },
  ],
  [
    CACHE,
    {
      name: 'cache',
      open: async ({ settings }) => {
        const { url, prefix } = settings.of(redisSettings);
        const cache = RedisCache.open({ url: url!, prefix: `${prefix}:cache:` });
        // Not part of readiness: without it everything works, only slower.
        return { value: cache, close: () => cache.close() };
      },
    },
  ],
]);

function redisOptions(context: PortContext, name: string): RedisOptions {
  const { url, prefix } = context.settings.of(redisSettings);
  const onWarning = (message: string) => context.logger.warn(`${name}: ${message}`);
  return { url: url!, prefix, onError: reportTo(context, name), onWarning };
}
