import { z } from 'zod';
import { answerProvenance } from './chat.ts';
import { documentId } from './documents.ts';
import { errors } from './errors.ts';

/** A citation: OpenAI's `file_citation`, whose file is a document, with what Millrace knows of the passage. */
export const fileCitation = z.object({
  type: z.literal('file_citation'),
  /** The document. */
  file_id: documentId,
  /** Its title, or its id. */
  filename: z.string(),
  /** Where the marker `[n]` begins in the text, UTF-16 units. */
  index: z.int(),
  millrace: z.object({
    /** The number in `[n]`. */
    number: z.int().positive(),
    /** Span of the marker in the text, end exclusive. */
    start_index: z.int(),
    end_index: z.int(),
    version: z.int(),
    chunk_id: z.string(),
    /** The passage in the document's extracted text, UTF-16 units, end exclusive. */
    start: z.int(),
    end: z.int(),
    /** As moderation lets it out. */
    text: z.string(),
    /** Whether the passage bears out the sentence that it is cited for. */
    supported: z.boolean().optional(),
  }),
});
export type FileCitation = z.infer<typeof fileCitation>;

const itemStatus = z.enum(['in_progress', 'completed', 'incomplete']);

export const outputText = z.object({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(fileCitation),
  logprobs: z.array(z.never()),
});
export const outputRefusal = z.object({ type: z.literal('refusal'), refusal: z.string() });
export const reasoningText = z.object({ type: z.literal('reasoning_text'), text: z.string() });

/** A passage that was found, where `include` asks for it. */
const fileSearchResult = z.object({
  file_id: documentId,
  filename: z.string(),
  text: z.string(),
  score: z.number(),
  /** Of the document's metadata what OpenAI's description has room for: 16 keys, no lists. */
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  millrace: z.object({ version: z.int(), chunk_id: z.string(), start: z.int(), end: z.int() }),
});

const fileSearchCall = z.object({
  type: z.literal('file_search_call'),
  id: z.string(),
  status: z.enum(['in_progress', 'searching', 'completed', 'incomplete', 'failed']),
  /** What was looked up, in full where the question leaned on earlier ones. */
  queries: z.array(z.string()),
  results: z.array(fileSearchResult).nullable(),
});

/** What the model lets see of its reasoning, as it tells it. */
const reasoning = z.object({
  type: z.literal('reasoning'),
  id: z.string(),
  summary: z.array(z.never()),
  content: z.array(reasoningText),
  status: itemStatus,
});

const message = z.object({
  type: z.literal('message'),
  id: z.string(),
  role: z.literal('assistant'),
  status: itemStatus,
  content: z.array(z.discriminatedUnion('type', [outputText, outputRefusal])),
});

const functionCall = z.object({
  type: z.literal('function_call'),
  id: z.string(),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
  status: itemStatus,
});

export const outputItem = z.discriminatedUnion('type', [fileSearchCall, reasoning, message, functionCall]);
export type OutputItem = z.infer<typeof outputItem>;

const responseUsage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
});

export const response = z.object({
  /** Nothing can be asked by it: no response is stored. */
  id: z.string(),
  object: z.literal('response'),
  created_at: z.int(),
  completed_at: z.int().nullable(),
  status: z.enum(['in_progress', 'completed', 'incomplete', 'failed']),
  /** `incomplete`: cut by a limit, or by the moderation policy. */
  incomplete_details: z.object({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
  error: z
    .object({
      code: z.enum(['server_error', 'rate_limit_exceeded', 'invalid_prompt']),
      message: z.string(),
      millrace: z.object({
        code: z.enum(Object.keys(errors)),
        /** Seconds until a retry makes sense. */
        retry_after: z.number().optional(),
        request_id: z.string(),
      }),
    })
    .nullable(),
  model: z.string(),
  output: z.array(outputItem),
  usage: responseUsage.optional(),
  instructions: z.string().nullable(),
  max_output_tokens: z.int().nullable(),
  metadata: z.record(z.string(), z.string()),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.null(),
  reasoning: z.object({ effort: z.string().nullable(), summary: z.string().nullable() }),
  store: z.literal(false),
  temperature: z.number().nullable(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }) }),
  tool_choice: z.unknown(),
  tools: z.array(z.looseObject({ type: z.string() })),
  top_p: z.number().nullable(),
  truncation: z.literal('disabled'),
  millrace: answerProvenance,
});
export type Response = z.infer<typeof response>;
