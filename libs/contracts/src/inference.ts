import { z } from 'zod';
import { searchQuery } from './search.ts';

type Input = string | readonly unknown[];

const charactersIn = (input: Input): number =>
  typeof input === 'string'
    ? input.length
    : input.reduce<number>((sum, item) => sum + textIn(item).length, 0);

const textIn = (item: unknown): string => {
  const text = typeof item === 'object' && item !== null && 'text' in item ? item.text : item;
  return typeof text === 'string' ? text : '';
};

/** Bounds what one request may hold: checked before anything looks into the texts. In UTF-16 units. */
const withAtMost = <T extends z.ZodType<Input>>(input: T, limit: number) =>
  input
    .refine((value) => charactersIn(value) <= limit, {
      error: ({ input: value }) =>
        `${charactersIn(value as Input)} characters in one request; the limit is ${limit}`,
    })
    .describe(`At most ${limit} characters in all.`);

/** No embedding model here takes more than some thousand characters; what they are cut into takes time to find out. */
const embeddable = z.string().min(1).max(100_000);

/** OpenAI's embedding request. Clients send null for what they leave out. */
export const embeddingRequest = z.strictObject({
  /**
   * A text or several, or the token ids of one or of several, of the model's own vocabulary. Ids are run as they are: no
   * prefix is put before them, and the special tokens at both ends are added where they are not.
   */
  input: withAtMost(
    z.union([
      embeddable,
      z.array(embeddable).min(1).max(2048),
      z.array(z.int().nonnegative()).min(1),
      z.array(z.array(z.int().nonnegative()).min(1)).min(1).max(2048),
    ]),
    2_000_000,
  ),
  /** An embedding model that `GET /v1/models` lists. One that is not in memory is loaded first. */
  model: z.string(),
  encoding_format: z.enum(['float', 'base64']).nullable().default('float'),
  /** Fewer than the model has only where it was trained for that; none of the catalogue was. */
  dimensions: z.int().positive().nullish(),
  /** Taken and not used. */
  user: z.string().nullish(),
  /** Millrace: how the text will be used; some models prefix queries and passages differently. */
  input_type: z.enum(['query', 'passage']).default('passage'),
});

export const embeddingResponse = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.int(),
      /** Base64 holds little-endian float32. */
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  model: z.string(),
  /** Tokens that were run: with those that the model begins and ends with, and its prefix for the kind of text. */
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

/** As vLLM, Jina and Cohere (v1) take them. */
const rerankable = z.union([z.string().min(1), z.strictObject({ text: z.string().min(1) })]);

/** What Cohere, Jina and vLLM call rerank. */
export const rerankRequest = z.strictObject({
  query: searchQuery,
  documents: withAtMost(z.array(rerankable).min(1).max(1000), 2_000_000),
  /** The best so many; all where nothing is said. */
  top_n: z.int().min(1).optional(),
  /** A model that the reranker has; without: the one that is set up here. */
  model: z.string().min(1).max(256).optional(),
  /** Each result brings its document. */
  return_documents: z.boolean().default(false),
});

export const rerankResponse = z.object({
  /** The one that was asked for; left out where the reranker chose. */
  model: z.string().optional(),
  /** Best first. */
  results: z.array(
    z.object({
      /** Of the document, in the order they came, from 0. */
      index: z.int(),
      /** On the scale of the model; from 0 to 1 with most. */
      relevance_score: z.number(),
      document: z.object({ text: z.string() }).optional(),
    }),
  ),
});

/** Of an input in parts, text is read; what else there is, is refused. */
const moderationPart = z.union([
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('image_url') }),
]);

/** OpenAI's moderation request. Texts are judged one by one, parts as one. */
export const moderationRequest = z.strictObject({
  input: withAtMost(
    z.union([z.string(), z.array(z.string()).min(1).max(256), z.array(moderationPart).min(1).max(256)]),
    400_000,
  ),
  model: z.string().optional(),
});

export const moderationResponse = z.object({
  id: z.string(),
  model: z.string(),
  results: z.array(
    z.object({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean()),
      category_scores: z.record(z.string(), z.number()),
      /** Of each category: what it was looked for in; nothing where there is no rule for it yet. */
      category_applied_input_types: z.record(z.string(), z.array(z.enum(['text']))),
    }),
  ),
});

/** OpenAI's transcription form fields; the file is the part `file`. */
export const transcriptionFields = z.strictObject({
  model: z.string().optional(),
  language: z.string().optional(),
  /** A hint, as `temperature` is: taken, but the speech models here have no use for one. */
  prompt: z.string().optional(),
  response_format: z.enum(['json', 'text', 'srt', 'vtt', 'verbose_json']).default('json'),
  temperature: z.coerce.number().min(0).max(1).optional(),
  /** Recordings are answered whole: `true` is refused. */
  stream: z.enum(['true', 'false']).optional(),
  /** With `verbose_json`, which has times of segments; those of words are refused. */
  'timestamp_granularities[]': z.array(z.enum(['segment', 'word'])).optional(),
});

export const transcriptionResponse = z.object({
  text: z.string(),
  task: z.literal('transcribe').optional(),
  language: z.string().optional(),
  duration: z.number().optional(),
  segments: z
    .array(z.object({ id: z.int(), start: z.number(), end: z.number(), text: z.string() }))
    .optional(),
});
