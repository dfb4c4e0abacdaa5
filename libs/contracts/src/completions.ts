import { z } from 'zod';
import { answerProvenance, tokenUsage } from './chat.ts';

const onePrompt = 'one prompt a request: send several requests';
const noTokenIds = 'must be text: token ids cannot be moderated';

/**
 * OpenAI's completion request: a text is continued, or the gap before `suffix` filled, by the `/completions` of a language
 * model. What is not named here is passed on to it. No documents are looked up: passages before a text would be continued
 * as well.
 */
export const completionRequest = z.looseObject({
  model: z.string().optional(),
  /** One text, or a list of one. */
  prompt: z.union([
    z.string(),
    z.array(z.string(noTokenIds)).refine(({ length }) => length === 1, onePrompt),
  ]),
  /** What comes behind the gap. For a back end that can do it. */
  suffix: z.string().nullish(),
  stream: z.boolean().nullish(),
  /** `include_usage`: a last frame with the usage. */
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  n: z.int().min(1).max(1, 'one completion a request').nullish(),
  best_of: z.int().min(1).max(1, 'one completion a request').nullish(),
  /** What is longer ends with `length`. */
  max_tokens: z.int().min(1, 'must be at least 1').nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  /** The text ends before the first of these, with `stop`. */
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  /** Refused: the prompt is the caller’s own. */
  echo: z.unknown().optional(),
  /** Refused: tokens cannot be moderated one by one. */
  logprobs: z.unknown().optional(),
  millrace: z
    .strictObject({
      retrieval: z
        .literal(
          false,
          'passages before a text would be continued as well: ask the documents by /v1/chat/completions',
        )
        .optional(),
    })
    .optional(),
});
export type CompletionRequest = z.infer<typeof completionRequest>;

const finishReason = z.enum(['stop', 'length', 'content_filter']);

const completionOf = <F extends z.ZodType>(reason: F) =>
  z.object({
    id: z.string(),
    object: z.literal('text_completion'),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.object({ index: z.int(), text: z.string(), logprobs: z.null(), finish_reason: reason }),
    ),
  });

export const completion = completionOf(finishReason).extend({
  usage: tokenUsage,
  millrace: answerProvenance,
});
export type Completion = z.infer<typeof completion>;

/** One `data:` frame of a stream; the last is `data: [DONE]`. A failed stream ends with an `error` frame instead. */
export const completionChunk = completionOf(finishReason.nullable()).extend({
  usage: tokenUsage.nullish(),
  millrace: answerProvenance.optional(),
});
export type CompletionChunk = z.infer<typeof completionChunk>;
