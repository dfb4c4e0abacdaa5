import { CLOCK, DOCUMENT_PARSER, EMBEDDERS, GENERATOR, RERANKER, TRANSCRIBER } from '@millrace/ports';
import { join } from 'node:path';
import { ChildProcessDocumentParser } from '@millrace/adapters/documents';
import {
  embeddingModel,
  embeddingModels,
  OnnxEmbedders,
  OnnxTranscriber,
  ownModels,
  transcriptionModels,
} from '@millrace/adapters/onnx';
import { HttpReranker, OpenAiGenerator } from '@millrace/adapters/openai';
import { standard, type OpenPort, type PortContext, type PortTable } from './port-host.ts';
import {
  embedderSettings,
  llmSettings,
  modelSettings,
  parserSettings,
  rerankerSettings,
} from './settings/adapter-settings.ts';

const modelsDir = ({ settings, dataDir }: PortContext): string =>
  settings.of(modelSettings).dir ?? join(dataDir, 'models');

/** What is the same in every profile: work done in this process, and language models elsewhere. */
export const localPorts: PortTable = new Map([
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
  [EMBEDDERS, { name: 'embedder', open: openEmbedders }],
  [TRANSCRIBER, { name: 'transcriber', open: openTranscriber }],
  [GENERATOR, { name: 'generator', open: openGenerator }],
  [RERANKER, { name: 'reranker', open: openReranker }],
]);

/** Ready when the model is that serves: who asks for another waits for that one alone. */
async function openEmbedders(context: PortContext): Promise<OpenPort> {
  const { workers, queryWorker, growthMb, maxWaitingTokens, ...onDemand } =
    context.settings.of(embedderSettings);
  const own = await ownModels(modelsDir(context));
  const embedders = await OnnxEmbedders.open({
    default: embeddingModel(context.settings.of(modelSettings).embedding, own),
    others: [...embeddingModels, ...own],
    modelsDir: modelsDir(context),
    workersDir: context.workers,
    workers,
    queryWorker,
    growthMb,
    waitingTokens: { bulk: maxWaitingTokens, interactive: Math.ceil(maxWaitingTokens / 4) },
    onDemand: {
      workers: onDemand.onDemandWorkers,
      budgetBytes: onDemand.onDemandMb * 1e6,
      idleMs: onDemand.onDemandIdleMinutes * 60_000,
      waitMs: onDemand.onDemandWaitMs,
    },
  });
  return {
    value: embedders,
    health: () => {
      const { ready, fault, name: model, ...detail } = embedders.health();
      if (fault) throw fault;
      return { ok: ready, detail: { model, ...detail } };
    },
    close: () => embedders.close(),
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
      const { ready, fault, ...detail } = transcriber.health();
      if (fault) throw fault;
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

/** Not part of readiness: without it everything works, in the order of scores. */
async function openReranker({ settings }: PortContext): Promise<OpenPort> {
  const { baseUrl, ...options } = settings.of(rerankerSettings);
  return baseUrl === undefined ? { value: undefined } : standard(new HttpReranker({ baseUrl, ...options }));
}
