import { rerankFormats } from '@millrace/adapters/openai';
import { defineSettings, flag, whole } from '@millrace/platform';
import { z } from 'zod';
import { backEndList } from './back-end-list.ts';

/** Settings of adapters stand here, because adapters take plain options and know nothing of settings. */

export const parserSettings = defineSettings('parser', {
  processes: {
    schema: whole(1, 64).default(2),
    reason:
      'Child processes that read documents at a time; all but the first are started when they are needed.',
  },
  memoryMb: {
    schema: whole(64, 16_384).default(512),
    unit: 'MB',
    reason: 'Memory one document may take while it is read; a document that takes more is dead-lettered.',
  },
  timeoutMs: {
    schema: whole(100, 3_600_000).default(60_000),
    unit: 'ms',
    reason:
      'The most processor time one document may take to be read, and 2.5 times as long by the clock; a document that takes longer, or under a megabyte more than 15 s and 45 s a megabyte, is dead-lettered.',
  },
  maxExpandedMb: {
    schema: whole(1, 16_384).default(256),
    unit: 'MB',
    reason: 'What a compressed document (DOCX, PPTX, XLSX) may unpack to.',
  },
});

export const modelSettings = defineSettings('models', {
  dir: {
    schema: z.string().optional(),
    reason:
      'The folder with the model files; unset: models/ in the data folder. Mount a volume here for air-gapped installs.',
  },
  hubUrl: {
    schema: z.url().default('https://huggingface.co'),
    reason: 'The model hub, or a mirror of it, that `models pull` asks first.',
  },
  embedding: {
    schema: z.string().default('all-minilm-l6-v2'),
    reason:
      'The embedding model of documents and questions, by its catalogue name, until there are documents: from then on it is changed by `millrace models switch`, and setting another one alone changes nothing but a warning. It is always loaded; /v1/embeddings takes the others too.',
  },
  transcription: {
    schema: z.string().default('moonshine-tiny'),
    reason: 'The speech model, by its catalogue name.',
  },
});

export const embedderSettings = defineSettings('embedder', {
  workers: {
    schema: whole(1, 256).optional(),
    reason:
      'One-thread processes that embed documents, of some 180 MB each; unset: one a CPU that this process may use, 4 at most.',
  },
  queryWorker: {
    schema: flag.default(true),
    reason: 'A process of its own for queries: short questions stay quick while documents are loaded.',
  },
  growthMb: {
    schema: whole(16, 65_536).default(256),
    unit: 'MB',
    reason:
      'A process that has grown by more than this since it was ready is replaced, once it owes no answer.',
  },
  maxWaitingTokens: {
    schema: whole(1_000, 100_000_000).default(400_000),
    unit: 'tokens',
    reason: 'Tokens that may wait for a worker of one model; more is answered 429 with Retry-After.',
  },
  onDemandMb: {
    schema: whole(0, 1_000_000).default(1_000),
    unit: 'MB',
    reason:
      'Memory for the processes of embedding models other than the default, which are loaded when /v1/embeddings is asked for them. One of 34 MB takes about 200; 0: none is loaded.',
  },
  onDemandWorkers: {
    schema: whole(1, 256).default(1),
    reason: 'One-thread processes of each of these models.',
  },
  onDemandIdleMinutes: {
    schema: whole(1, 100_000).default(10),
    unit: 'min',
    reason: 'How long such a model stays in memory without a request.',
  },
  onDemandWaitMs: {
    schema: whole(0, 60_000).default(5_000),
    unit: 'ms',
    reason:
      'How long a request waits for memory that other models at work hold; then it is answered 429 with Retry-After.',
  },
});

export const cacheSettings = defineSettings('cache', {
  maxMb: {
    schema: whole(1, 65_536).default(64),
    unit: 'MB',
    reason: 'Memory for cached vectors and answers.',
  },
});

const price = z.coerce.number().min(0).max(1_000_000).default(0);

export const llmSettings = defineSettings('llm', {
  baseUrl: {
    schema: z.url().optional(),
    reason:
      'An OpenAI-compatible server, with its /v1. Unset: answers are extracts of the documents, labelled as such.',
  },
  apiKey: { schema: z.string().optional(), reason: 'The key of that server.', secret: true },
  model: {
    schema: z.string().optional(),
    reason: 'The model to ask for when a request names none or the default.',
  },
  firstByteTimeoutMs: {
    schema: whole(100, 3_600_000).default(60_000),
    unit: 'ms',
    reason: 'How long the server may take to begin an answer.',
  },
  idleTimeoutMs: {
    schema: whole(100, 3_600_000).default(60_000),
    unit: 'ms',
    reason: 'How long a begun answer may stand still.',
  },
  gatherMs: {
    schema: whole(0, 1_000).default(50),
    unit: 'ms',
    reason:
      'After its first words a streamed answer goes on at most so often, with all that came meanwhile: each time it is moderated and sent. 0: each piece as it comes.',
  },
  promptPrice: {
    schema: price,
    reason:
      'What a million tokens of prompts cost at that server, in the currency that quotas of money are set in.',
  },
  completionPrice: { schema: price, reason: 'What a million tokens of its answers cost.' },
  backEnds: {
    schema: backEndList.default([]),
    reason:
      'Further back ends, as a list in the file or JSON in the variable: name, base_url, and where wanted api_key, model, models, aliases, weight, capabilities, price. docs/back-ends.md tells what each does.',
    secret: true,
  },
});

export const rerankerSettings = defineSettings('reranker', {
  baseUrl: {
    schema: z.url().optional(),
    reason:
      'A reranker, as what /rerank is put behind: https://api.cohere.com/v2, http://vllm:8000/v1, http://tei:80. It is sent the questions and passages of every request that asks for reranking.',
  },
  apiKey: { schema: z.string().optional(), reason: 'The key of that server.', secret: true },
  model: {
    schema: z.string().optional(),
    reason: 'The model to ask for when a request names none; Cohere and Jina need one.',
  },
  format: {
    schema: z.enum(rerankFormats).default('cohere'),
    reason:
      'How it is spoken to: as Cohere, Jina, vLLM and Infinity are, or as Text Embeddings Inference is.',
  },
  timeoutMs: {
    schema: whole(100, 3_600_000).default(10_000),
    unit: 'ms',
    reason: 'How long it may take to answer /v1/rerank; searches have their own, shorter limit.',
  },
});

export const classifierSettings = defineSettings('classifier', {
  baseUrl: {
    schema: z.url().optional(),
    reason:
      'In place of the classifier that Millrace brings one behind HTTP, as what /moderations is put behind in OpenAI’s protocol: https://api.openai.com/v1, say. It is sent what tenants ask and are answered; give it time by MILLRACE_MODERATION_CLASSIFIER_MS.',
  },
  apiKey: { schema: z.string().optional(), reason: 'The key of that server.', secret: true },
  model: { schema: z.string().optional(), reason: 'The model to ask for; unset: the server’s own choice.' },
});

export const adapterSettings = [
  parserSettings,
  modelSettings,
  embedderSettings,
  cacheSettings,
  llmSettings,
  rerankerSettings,
  classifierSettings,
];
