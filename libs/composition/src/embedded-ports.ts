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
import { join } from 'node:path';
import { FilesystemBlobStore } from '@millrace/adapters/filesystem';
import { MemoryCache, MemoryRequestReply } from '@millrace/adapters/memory';
import { SqlRegistry } from '@millrace/adapters/sql-registry';
import {
  SqliteEventLog,
  SqliteQuotaLedger,
  SqliteVectorStore,
  SqliteWorkQueue,
  sqliteDialect,
} from '@millrace/adapters/sqlite';
import { localPorts } from './local-ports.ts';
import { reportTo, standard, type PortContext, type PortTable } from './port-host.ts';
import { cacheSettings } from './settings/adapter-settings.ts';

const sqliteEntry = ({ workers }: PortContext): URL => new URL('sqlite.js', workers);

const megabyte = 1_048_576;

/** Standalone: every port on an embedded, durable adapter. A new adapter is one line here. */
export const embeddedPorts: PortTable = new Map([
  ...localPorts,
  [
    EVENT_LOG,
    {
      name: 'event-log',
      open: async (context) =>
        standard(
          await SqliteEventLog.open({
            onError: reportTo(context, 'event log'),
            entry: sqliteEntry(context),
            file: join(context.dataDir, 'events.sqlite'),
          }),
        ),
    },
  ],
  [
    WORK_QUEUE,
    {
      name: 'work-queue',
      open: async (context) =>
        standard(
          await SqliteWorkQueue.open({
            onError: reportTo(context, 'work queue'),
            entry: sqliteEntry(context),
            file: join(context.dataDir, 'jobs.sqlite'),
          }),
        ),
    },
  ],
  [REQUEST_REPLY, { name: 'request-reply', open: async () => standard(new MemoryRequestReply()) }],
  [
    REGISTRY,
    {
      name: 'registry',
      open: async (context) => {
        const file = join(context.dataDir, 'registry.sqlite');
        return standard(
          await SqlRegistry.open({ dialect: sqliteDialect({ entry: sqliteEntry(context), file }) }),
        );
      },
    },
  ],
  [
    VECTOR_STORE,
    {
      name: 'vector-store',
      open: async (context) =>
        standard(
          await SqliteVectorStore.open({
            entry: sqliteEntry(context),
            file: join(context.dataDir, 'vectors.sqlite'),
          }),
        ),
    },
  ],
  [
    BLOB_STORE,
    {
      name: 'blob-store',
      open: async ({ dataDir }) =>
        standard(await FilesystemBlobStore.open({ folder: join(dataDir, 'blobs') })),
    },
  ],
  [
    QUOTA_LEDGER,
    {
      name: 'quota-ledger',
      open: async (context) =>
        standard(
          await SqliteQuotaLedger.open({
            entry: sqliteEntry(context),
            file: join(context.dataDir, 'quotas.sqlite'),
          }),
        ),
    },
  ],
  [
    CACHE,
    {
      name: 'cache',
      open: async ({ settings }) =>
        standard(new MemoryCache({ maxBytes: settings.of(cacheSettings).maxMb * megabyte })),
    },
  ],
]);
