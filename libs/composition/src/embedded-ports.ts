import {
  BLOB_STORE,
  CACHE,
  CLOCK,
  DOCUMENT_PARSER,
  EMBEDDER,
  EVENT_LOG,
  GENERATOR,
  REGISTRY,
  REQUEST_REPLY,
  TRANSCRIBER,
  VECTOR_STORE,
  WORK_QUEUE,
} from '@millrace/ports';
import { join } from 'node:path';
import { ChildProcessDocumentParser } from '@millrace/adapters/documents';
import { FilesystemBlobStore } from '@millrace/adapters/filesystem';
import { MemoryCache, MemoryRequestReply } from '@millrace/adapters/memory';
import { OnnxEmbedder, OnnxTranscriber, embeddingModel, transcriptionModels } from '@millrace/adapters/onnx';
import { OpenAiGenerator } from '@millrace/adapters/openai';
import { SqlRegistry } from '@millrace/adapters/sql-registry';
import { SqliteEventLog, SqliteVectorStore, SqliteWorkQueue, sqliteDialect } from '@millrace/adapters/sqlite';
import type { OpenPort, PortContext, PortTable } from './port-host.ts';
import {
  cacheSettings,
  embedderSettings,
  llmSettings,
  modelSettings,
  parserSettings,
} from './settings/adapter-settings.ts';

const sqliteEntry = ({ workers }: PortContext): URL => new URL('sqlite.js', workers);

const modelsDir = ({ settings, dataDir }: PortContext): string =>
  settings.of(modelSettings).dir ?? join(dataDir, 'models');

/** What an adapter retries in the background is still worth a line. */
const reportTo =
  ({ logger }: PortContext, name: string) =>
  (err: unknown): void =>
    logger.error({ err }, `${name}: failed, will be tried again`);

const megabyte = 1_048_576;

/** A port whose adapter answers `healthy()` and `close()`, as most do. */
const standard = (adapter: { healthy?(): Promise<boolean>; close?(): Promise<void> }): OpenPort => ({
  value: adapter,
  ...(adapter.healthy && { health: async () => ({ ok: await adapter.healthy!() }) }),
  ...(adapter.close && { close: () => adapter.close!() }),
});

/** Standalone: every port on an embedded, durable adapter. A new adapter is one line here. */
export const embeddedPorts: PortTable = new Map([
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
    CACHE,
    {
      name: 'cache',
      open: async ({ settings }) =>
        standard(new MemoryCache({ maxBytes: settings.of(cacheSettings).maxMb * megabyte })),
    },
  ],
  [CLOCK, { name: 'clock', open: async () => ({ value: { now: () => Date.now() } }) }],
  [
    DOCUMENT_PARSER,
    {
      name: 'document-parser',
      open: async ({ settings, workers }) =>
        standard(
          new ChildProcessDocumentParser({
            workersDir: workers,
            ...settings.of(parserSettings),
          }),
        ),
    },
  ],
  [EMBEDDER, { name: 'embedder', open: openEmbedder }],
  [TRANSCRIBER, { name: 'transcriber', open: openTranscriber }],
  [GENERATOR, { name: 'generator', open: openGenerator }],
]);

async function openEmbedder(context: PortContext): Promise<OpenPort> {
  const { workers, queryWorker, maxWaitingTokens } = context.settings.of(embedderSettings);
  const entry = embeddingModel(context.settings.of(modelSettings).embedding);
  const embedder = await OnnxEmbedder.open({
    entry,
    modelDir: join(modelsDir(context), entry.name),
    workersDir: context.workers,
    workers,
    queryWorker,
    waitingTokens: { bulk: maxWaitingTokens, interactive: Math.ceil(maxWaitingTokens / 4) },
  });
  return {
    value: embedder,
    health: () => {
      const { ready, ...detail } = embedder.health();
      return { ok: ready, detail: { model: entry.name, ...detail } };
    },
    close: () => embedder.close(),
  };
}

async function openTranscriber(context: PortContext): Promise<OpenPort> {
  const transcriber = await OnnxTranscriber.open({
    ...transcriptionModels(context.settings.of(modelSettings).transcription),
    modelsDir: modelsDir(context),
    workersDir: context.workers,
  });
  return {
    value: transcriber,
    health: () => {
      const { ready, ...detail } = transcriber.health();
      return { ok: ready, detail: { model: transcriber.model, ...detail } };
    },
    close: () => transcriber.close(),
  };
}

/** No URL, no generator: the service then answers with extracts. */
async function openGenerator({ settings }: PortContext): Promise<OpenPort> {
  const { baseUrl, ...options } = settings.of(llmSettings);
  return { value: baseUrl === undefined ? undefined : new OpenAiGenerator({ baseUrl, ...options }) };
}
