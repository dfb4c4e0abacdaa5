import { z } from 'zod';
import { fileCitation, outputItem, outputRefusal, outputText, reasoningText, response } from './responses.ts';

const event = <T extends string, F extends z.ZodRawShape>(type: T, fields: F) =>
  z.object({
    type: z.literal(type),
    /** From 0, one more with each event. */
    sequence_number: z.int(),
    ...fields,
  });

/** What it is about, by its place in `output`. */
const item = { item_id: z.string(), output_index: z.int() };
const part = { ...item, content_index: z.int() };
const anyPart = z.discriminatedUnion('type', [outputText, outputRefusal, reasoningText]);

/**
 * One event of a stream; the last is `response.completed`, `response.incomplete` or `response.failed`. What fails before the
 * first event is an error answer.
 */
export const responseEvent = z.discriminatedUnion('type', [
  event('response.created', { response }),
  event('response.in_progress', { response }),
  event('response.output_item.added', { output_index: z.int(), item: outputItem }),
  event('response.file_search_call.in_progress', item),
  event('response.file_search_call.searching', item),
  event('response.file_search_call.completed', item),
  event('response.content_part.added', { ...part, part: anyPart }),
  event('response.reasoning_text.delta', { ...part, delta: z.string() }),
  event('response.reasoning_text.done', { ...part, text: z.string() }),
  event('response.output_text.delta', { ...part, delta: z.string(), logprobs: z.array(z.never()) }),
  event('response.output_text.annotation.added', {
    ...part,
    annotation_index: z.int(),
    annotation: fileCitation,
  }),
  event('response.output_text.done', { ...part, text: z.string(), logprobs: z.array(z.never()) }),
  event('response.refusal.delta', { ...part, delta: z.string() }),
  event('response.refusal.done', { ...part, refusal: z.string() }),
  event('response.function_call_arguments.delta', { ...item, delta: z.string() }),
  event('response.function_call_arguments.done', { ...item, name: z.string(), arguments: z.string() }),
  event('response.content_part.done', { ...part, part: anyPart }),
  event('response.output_item.done', { output_index: z.int(), item: outputItem }),
  event('response.completed', { response }),
  event('response.incomplete', { response }),
  event('response.failed', { response }),
]);
export type ResponseEvent = z.infer<typeof responseEvent>;
