import { z } from 'zod';
import { documentId } from './documents.ts';
import { feedback, feedbackIsOfUse, feedbackOfNoUse } from './feedback.ts';
import { fusionMethod, fusionWeights, searchMode, weightsAreOfUse, weightsOfNoUse } from './fusion.ts';
import { groundedness, unanswered } from './groundedness.ts';
import { mmr } from './marginal-relevance.ts';
import { neighbours } from './neighbours.ts';
import { rerank, rerankOutcome } from './reranking.ts';
import { filter } from './search.ts';

/** How retrieval is steered per request: off, or narrowed. On with defaults when absent. */
const retrievalOptions = z.union([
  z.literal(false, 'must be false or an object of options; leave it out for the defaults'),
  z
    .strictObject({
      top_k: z.int().min(1).max(50).optional(),
      mode: searchMode.optional(),
      fusion: fusionMethod.optional(),
      weights: fusionWeights.optional(),
      feedback: feedback.optional(),
      mmr: mmr.optional(),
      rerank: rerank.optional(),
      neighbours: neighbours.optional(),
      filter: filter.optional(),
      /** In place of `MILLRACE_GENERATION_LEAST_SUPPORT`; 0: answer from whatever is found. */
      least_support: z.number().min(0).max(1).optional(),
    })
    .refine(weightsAreOfUse, weightsOfNoUse)
    .refine(feedbackIsOfUse, feedbackOfNoUse),
]);

const atLeastOneToken = 'must be at least 1';

const contentPart = z
  .looseObject({ type: z.string(), text: z.string().optional() })
  .refine(({ type, text }) => type !== 'text' || text !== undefined, { path: ['text'], error: 'needs text' });

const chatMessage = z.looseObject({
  role: z.enum(['developer', 'system', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(contentPart), z.null()]).optional(),
});

/**
 * OpenAI's chat completion request. What Millrace does not read passes through to the back end; the `millrace`
 * field steers retrieval and does not.
 */
export const chatCompletionRequest = z.looseObject({
  model: z.string().optional(),
  /**
   * The user's last message asks, in words unless `millrace.retrieval` is false. Parts that are no text pass through to a
   * language model; extracts refuse them.
   */
  messages: z.array(chatMessage).min(1).max(2048),
  stream: z.boolean().nullish(),
  /** `include_usage`: a last frame with the usage. */
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  /** One answer a request. */
  n: z.int().min(1).max(1).nullish(),
  /** `max_completion_tokens` goes before it. */
  max_tokens: z.int().min(1, atLeastOneToken).nullish(),
  /** What is longer ends with `length`. Extracts count four characters a token. */
  max_completion_tokens: z.int().min(1, atLeastOneToken).nullish(),
  /**
   * For a language model, as `top_p`, `seed`, penalties, `user` and everything not named here: passed on. Extracts vary
   * nothing; of these they refuse `logit_bias` and `web_search_options`.
   */
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  /** The answer ends before the first of these, with `stop`. */
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  /** For a language model; extracts call none. */
  tools: z.unknown().optional(),
  /** Extracts refuse what insists on a call. */
  tool_choice: z.unknown().optional(),
  /** Extracts refuse all but `text`. */
  response_format: z.unknown().optional(),
  /**
   * How the request waits for its turn, not passed on. `flex`: behind all others. `priority`, or `fast`: before them, for
   * tenants of `MILLRACE_GENERATION_PRIORITY_TENANTS`. All else is `default`.
   */
  service_tier: z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast']).nullish(),
  /** Refused, as `top_logprobs`, `functions`, `function_call`, `audio` and modalities other than `text`: not moderated. */
  logprobs: z.unknown().optional(),
  millrace: z.strictObject({ retrieval: retrievalOptions.optional() }).optional(),
});
export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>;

/** Which language model back end answers. */
export const chatSteering = z.object({
  /**
   * How long the whole answer may take, in milliseconds. Of the back ends that are expected to make it the cheapest answers,
   * else the quickest; one that has said nothing when the time is over is given up for another. Waiting for its turn counts,
   * and ends with it. Unset: by their weights.
   */
  'x-millrace-budget-ms': z.coerce.number().int().min(1).max(3_600_000).optional(),
  /** The one back end to be asked, by its name. */
  'x-millrace-backend': z.string().max(64).optional(),
  /** `no-cache`: an answer that was kept is not told, a new one takes its place. `no-store`: the answer is not kept either. */
  'cache-control': z.string().max(256).optional(),
});

/** A citation, OpenAI's `url_citation` with what Millrace knows of the passage. */
export const citation = z.object({
  type: z.literal('url_citation'),
  url_citation: z.object({
    /** Span of the marker in the answer, UTF-16 units, end exclusive. */
    start_index: z.int(),
    end_index: z.int(),
    /** `millrace:` and the route of the document's text. */
    url: z.string(),
    title: z.string(),
  }),
  /** The number in the answer's `[n]`. */
  index: z.int().positive(),
  document_id: documentId,
  version: z.int(),
  chunk_id: z.string(),
  /** The passage in the document's extracted text, UTF-16 units, end exclusive. */
  start: z.int(),
  end: z.int(),
  /** `content.slice(start, end)` as moderation lets it out: with redactions, or empty when it blocks it. */
  text: z.string(),
  /** Whether the passage bears out the sentence that it is cited for, by the words, numbers and names in both. */
  supported: z.boolean().optional(),
});
export type Citation = z.infer<typeof citation>;

export const tokenUsage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  /** `cached_tokens`: those that a back end had read before; all of them where the answer itself was kept. */
  prompt_tokens_details: z.object({ cached_tokens: z.int() }).optional(),
});

/**
 * What Millrace adds to an answer: who generated it. `extractive`: sentences of the documents, no language model; `none`:
 * nobody, for what was found is too weak to answer from.
 */
export const answerProvenance = z.object({
  generator: z.enum(['extractive', 'model', 'none']),
  /** The back end that answered, as the operator calls it. */
  backend: z.string().optional(),
  usage_estimated: z.boolean().optional(),
  /** Where `millrace.retrieval.rerank` asked for it: when it is not `done`, the passages were in the order of their scores. */
  rerank: rerankOutcome.optional(),
  /**
   * Where the conversation was too long for `MILLRACE_GENERATION_HISTORY_TOKENS`: how many of the messages before the question
   * the model saw as they came, how many in a summary, and how many not at all. System messages are not counted, and stay.
   */
  history: z.object({ kept: z.int(), summarised: z.int(), left_out: z.int() }).optional(),
  /** How far what was found takes up the question, 0 to 1; where it was judged. */
  support: z.number().optional(),
  /** The answer says so. It has no citations. */
  unanswered: unanswered.optional(),
  /** With the end of the answer. */
  groundedness: groundedness.optional(),
});

/** The one that the request had, where it asks for one. */
const servedTier = z.enum(['priority', 'default', 'flex']).optional();

const finishReason = z.enum(['stop', 'length', 'content_filter', 'tool_calls', 'function_call']);

export const chatCompletion = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.looseObject({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.string().nullable(),
        annotations: z.array(citation),
      }),
      logprobs: z.null(),
      finish_reason: finishReason,
    }),
  ),
  service_tier: servedTier,
  usage: tokenUsage,
  millrace: answerProvenance,
});
export type ChatCompletion = z.infer<typeof chatCompletion>;

/** One `data:` frame of a stream; the last is `data: [DONE]`. A failed stream ends with an `error` frame instead. */
export const chatCompletionChunk = z.object({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      delta: z.looseObject({
        role: z.literal('assistant').optional(),
        content: z.string().nullish(),
        annotations: z.array(citation).optional(),
      }),
      logprobs: z.null().optional(),
      finish_reason: finishReason.nullable(),
    }),
  ),
  service_tier: servedTier,
  usage: tokenUsage.nullish(),
  millrace: answerProvenance.optional(),
});
export type ChatCompletionChunk = z.infer<typeof chatCompletionChunk>;

export const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  millrace: z.object({
    /** What it is for: `/v1/chat/completions` or `/v1/embeddings`. Of the latter there is more to say. */
    task: z.enum(['chat', 'embedding']),
    dims: z.int().optional(),
    max_tokens: z.int().optional(),
    /** What documents and questions use. */
    default: z.boolean().optional(),
    /** In the memory of the process that was asked, or coming there; the next request loads the others. */
    loaded: z.boolean().optional(),
  }),
});
export type Model = z.infer<typeof model>;
export const modelList = z.object({ object: z.literal('list'), data: z.array(model) });
