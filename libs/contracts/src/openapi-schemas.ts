import { z } from 'zod';
import {
  createdKey,
  deadLetterRecord,
  keyInput,
  keyRecord,
  queueDepths,
  replayInput,
  tenantInput,
  tenantRecord,
  wholeDeadLetter,
} from './admin.ts';
import {
  chatCompletion,
  chatCompletionChunk,
  chatCompletionRequest,
  citation,
  model,
  modelList,
} from './chat.ts';
import { completion, completionChunk, completionRequest } from './completions.ts';
import {
  acceptedAnswer,
  documentContent,
  documentInput,
  documentPage,
  documentStatus,
  erasureReceipt,
} from './documents.ts';
import { errorAnswer } from './error-answer.ts';
import { documentCloudEvent } from './document-events.ts';
import {
  embeddingRequest,
  embeddingResponse,
  moderationRequest,
  moderationResponse,
  rerankRequest,
  rerankResponse,
  transcriptionResponse,
} from './inference.ts';
import { moderationPolicy, statedPolicy } from './moderation-policy.ts';
import { promptTemplate, promptVersions, statedPrompt } from './prompt-template.ts';
import { quota } from './quotas.ts';
import { responseEvent } from './response-events.ts';
import { responseRequest } from './response-request.ts';
import { fileSearchFilterNode } from './response-tools.ts';
import { response } from './responses.ts';
import { filter, filterNode, searchRequest, searchResponse, searchResult } from './search.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a caller sends, and what Millrace answers: a default makes a field optional in the first and sure in the second. */
export type Direction = 'input' | 'output';

/** Schemas that get a name in the document; any other is written out where it is used. */
const named: Readonly<Record<Direction, Readonly<Record<string, z.ZodType>>>> = {
  input: {
    DocumentInput: documentInput,
    DocumentCloudEvent: documentCloudEvent,
    SearchRequest: searchRequest,
    ChatCompletionRequest: chatCompletionRequest,
    CompletionRequest: completionRequest,
    ResponseRequest: responseRequest,
    EmbeddingRequest: embeddingRequest,
    ModerationRequest: moderationRequest,
    RerankRequest: rerankRequest,
    TenantInput: tenantInput,
    KeyInput: keyInput,
    QuotaInput: quota,
    ModerationPolicyInput: moderationPolicy,
    PromptInput: promptTemplate,
    ReplayInput: replayInput,
    Filter: filterNode,
    FileSearchFilter: fileSearchFilterNode,
  },
  output: {
    Accepted: acceptedAnswer,
    DocumentStatus: documentStatus,
    DocumentPage: documentPage,
    DocumentContent: documentContent,
    ErasureReceipt: erasureReceipt,
    SearchResult: searchResult,
    SearchResponse: searchResponse,
    ChatCompletion: chatCompletion,
    ChatCompletionChunk: chatCompletionChunk,
    Completion: completion,
    CompletionChunk: completionChunk,
    Citation: citation,
    Response: response,
    ResponseEvent: responseEvent,
    Model: model,
    ModelList: modelList,
    EmbeddingResponse: embeddingResponse,
    ModerationResponse: moderationResponse,
    RerankResponse: rerankResponse,
    TranscriptionResponse: transcriptionResponse,
    Tenant: tenantRecord,
    Key: keyRecord,
    CreatedKey: createdKey,
    Quota: quota,
    ModerationPolicy: statedPolicy,
    Prompt: statedPrompt,
    PromptVersions: promptVersions,
    DeadLetter: deadLetterRecord,
    WholeDeadLetter: wholeDeadLetter,
    QueueDepths: queueDepths,
    Error: errorAnswer,
  },
};

const path = (name: string): string => `#/components/schemas/${name}`;

/** The named schemas, as JSON Schema 2020-12. */
export function componentSchemas(): Record<string, JsonSchema> {
  const components = { ...convert(named.input, 'input'), ...convert(named.output, 'output') };
  return Object.fromEntries(Object.entries(components).sort(([a], [b]) => a.localeCompare(b)));
}

/** A reference when the schema has a name, else the schema itself. */
export function jsonSchema(schema: z.ZodType, direction: Direction): JsonSchema {
  const name = Object.entries(named[direction]).find(([, candidate]) => candidate === schema)?.[0];
  if (name) return { $ref: path(name) };
  const { inline } = convert({ ...named[direction], inline: schema }, direction);
  if (!inline) throw new Error('the schema was not converted');
  return inline;
}

function convert(schemas: Readonly<Record<string, z.ZodType>>, io: Direction): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const converted = z.toJSONSchema(registry, {
    io,
    uri: path,
    override: ({ zodSchema, jsonSchema }) =>
      zodSchema === filter ? (jsonSchema.$ref = path('Filter')) : simplify(jsonSchema, io),
  });
  return Object.fromEntries(
    Object.entries(converted.schemas).map(([name, { $schema, $id, ...schema }]) => [name, schema]),
  );
}

/** Takes out what only this implementation knows: safe-integer bounds, patterns that a format says better, closed answers. */
function simplify(schema: Record<string, unknown>, io: Direction): void {
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['format']) delete schema['pattern'];
  if (io === 'output' && schema['additionalProperties'] === false) delete schema['additionalProperties'];
}
