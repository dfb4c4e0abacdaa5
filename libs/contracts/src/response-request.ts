import { z } from 'zod';
import { responseTool, responseToolChoice } from './response-tools.ts';

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const parts = z.union([z.string(), z.array(part).max(2048)]);

/**
 * A message, a call of a function (`call_id`, `name`, `arguments`) or its output (`call_id`, `output`). Of what earlier
 * answers had beside these, searches and reasoning tell the model nothing and are passed over; other items are refused.
 */
export const responseInputItem = z.looseObject({
  type: z.string().optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']).optional(),
  /** Parts: `input_text`, `input_image` by its URL, `output_text`, `refusal`. */
  content: parts.nullish(),
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  arguments: z.string().optional(),
  output: parts.nullish(),
});
export type ResponseInputItem = z.infer<typeof responseInputItem>;
export type ResponseInputPart = z.infer<typeof part>;

const textFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string().min(1).max(64),
    description: z.string().optional(),
    schema: z.record(z.string(), z.unknown()),
    strict: z.boolean().nullish(),
  }),
]);

const refusedHere = z.unknown().optional();

/**
 * OpenAI's request for a response, asked of the language model as a chat. Documents are looked up where the tool
 * `file_search` is among its tools.
 */
export const responseRequest = z.strictObject({
  model: z.string().optional(),
  input: z.union([z.string(), z.array(responseInputItem).min(1).max(2048)]),
  /** Becomes a system message before the input. */
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_obfuscation: z.literal(false, 'there is no obfuscation here').optional() })
    .nullish(),
  tools: z.array(responseTool).max(128).nullish(),
  tool_choice: responseToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  /** `file_search_call.results`: the passages, as moderation lets them out. */
  include: z.array(z.literal('file_search_call.results', 'must be file_search_call.results')).nullish(),
  /** What is longer ends incomplete with `max_output_tokens`. Sent on as `max_completion_tokens`. */
  max_output_tokens: z.int().min(1, 'must be at least 1').nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  text: z.strictObject({ format: textFormat.optional(), verbosity: z.string().nullish() }).nullish(),
  /** `effort` is passed on. A summary there is none: what the model lets see of its reasoning is told as it is. */
  reasoning: z
    .strictObject({
      effort: z.string().nullish(),
      summary: z.literal('auto', 'must be auto or left out: reasoning is told as it is').nullish(),
    })
    .nullish(),
  /** Nothing is stored, whatever it says. */
  store: z.boolean().nullish(),
  truncation: z.literal('disabled', 'must be disabled: leave items of the input out yourself').nullish(),
  /** Told again with the answer. */
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  user: z.string().optional(),
  safety_identifier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  service_tier: z.string().nullish(),
  /** These are refused by their names, unless null or false. */
  background: refusedHere,
  context_management: refusedHere,
  conversation: refusedHere,
  max_tool_calls: refusedHere,
  moderation: refusedHere,
  previous_response_id: refusedHere,
  prompt: refusedHere,
  prompt_cache_options: refusedHere,
  prompt_cache_retention: refusedHere,
  top_logprobs: refusedHere,
});
export type ResponseRequest = z.infer<typeof responseRequest>;
