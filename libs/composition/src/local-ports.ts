import {
  BACK_ENDS,
  CLOCK,
  DOCUMENT_PARSER,
  EMBEDDERS,
  RERANKER,
  TEXT_CLASSIFIER,
  TRANSCRIBER,
  type BackEnd,
} from '@millrace/ports';
import { join } from 'node:path';
import { settingServesNot } from '@millrace/contracts';
import { ChildProcessDocumentParser } from '@millrace/adapters/documents';
import { LinearClassifier } from '@millrace/adapters/linear-classifier';
import {
  embeddingModel,
  embeddingModels,
  OnnxEmbedders,
  OnnxTranscriber,
  ownModels,
  transcriptionModels,
} from '@millrace/adapters/onnx';
import { HttpClassifier, HttpReranker, OpenAiGenerator } from '@millrace/adapters/openai';
import { firstBackEnd } from './settings/back-end-list.ts';
import { standard, type OpenPort, type PortContext, type PortTable } from './port-host.ts';
import {
  embedderSettings,
  llmSettings,
  modelSettings,
  parserSettings,
  rerankerSettings,
  classifierSettings,
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
  [BACK_ENDS, { name: 'back-ends', open: openBackEnds }],
  [RERANKER, { name: 'reranker', open: openReranker }],
  [TEXT_CLASSIFIER, { name: 'text-classifier', open: openClassifier }],
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
      const setting = embedders.default.model.name;
      const warning = setting === model ? {} : { warning: settingServesNot(setting, model) };
      return { ok: ready, detail: { model, ...detail, ...warning } };
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

/** Not part of readiness: without any, or while all are away, the service answers with extracts or says so. */
async function openBackEnds({ settings }: PortContext): Promise<OpenPort> {
  const { baseUrl, apiKey, model, promptPrice, completionPrice, backEnds, ...patience } =
    settings.of(llmSettings);
  const price = { prompt: promptPrice, completion: completionPrice };
  const first =
    baseUrl === undefined
      ? []
      : [{ name: firstBackEnd, base_url: baseUrl, api_key: apiKey, model, weight: 1, price }];
  const value = [...first, ...backEnds].map(({ base_url, api_key, model: usual, ...rest }): BackEnd => ({
    ...rest,
    generator: new OpenAiGenerator({ baseUrl: base_url, apiKey: api_key, model: usual, ...patience }),
  }));
  return { value };
}

/** Not part of readiness: without it everything works, in the order of scores. */
async function openReranker({ settings }: PortContext): Promise<OpenPort> {
  const { baseUrl, ...options } = settings.of(rerankerSettings);
  return baseUrl === undefined ? { value: undefined } : standard(new HttpReranker({ baseUrl, ...options }));
}

/** Not part of readiness: what a text comes to that it does not judge is said by policies. */
async function openClassifier({ settings }: PortContext): Promise<OpenPort> {
  const { baseUrl, ...options } = settings.of(classifierSettings);
  if (baseUrl === undefined) return { value: await LinearClassifier.open() };
  return standard(new HttpClassifier({ baseUrl, ...options }));
}
