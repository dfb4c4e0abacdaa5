import { CLOCK, DOCUMENT_PARSER, EMBEDDER, GENERATOR, TRANSCRIBER } from '@millrace/ports';
import { join } from 'node:path';
import { ChildProcessDocumentParser } from '@millrace/adapters/documents';
import { OnnxEmbedder, OnnxTranscriber, embeddingModel, transcriptionModels } from '@millrace/adapters/onnx';
import { OpenAiGenerator } from '@millrace/adapters/openai';
import { standard, type OpenPort, type PortContext, type PortTable } from './port-host.ts';
import { embedderSettings, llmSettings, modelSettings, parserSettings } from './settings/adapter-settings.ts';

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
      const { ready, fault, ...detail } = embedder.health();
      if (fault) throw fault;
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
