import { z } from 'zod';
import {
  createdKey,
  deadLetterRecord,
  keyInput,
  keyRecord,
  queueDepths,
  replayAnswer,
  replayInput,
  tenantInput,
  tenantRecord,
  wholeDeadLetter,
} from './admin.ts';
import type { rights } from './calls.ts';
import { chatCompletion, chatCompletionChunk, chatCompletionRequest, model, modelList } from './chat.ts';
import {
  acceptedAnswer,
  documentContent,
  documentFields,
  documentId,
  documentInput,
  documentPage,
  documentState,
  documentStatus,
  erasureReceipt,
  tenantName,
} from './documents.ts';
import { documentCloudEvent } from './document-events.ts';
import {
  embeddingRequest,
  embeddingResponse,
  moderationRequest,
  moderationResponse,
  rerankRequest,
  rerankResponse,
  transcriptionFields,
  transcriptionResponse,
} from './inference.ts';
import { modelPlanStatus, serveInput, switchInput } from './model-plan.ts';
import { searchRequest, searchResponse } from './search.ts';

export const services = [
  'ingestion',
  'embedding',
  'indexing',
  'retrieval',
  'generation',
  'moderation',
  'transcription',
  'control',
] as const;
export type ServiceName = (typeof services)[number];

/**
 * Every HTTP route, declared once. Validation, authorisation, `/openapi.json`, `docs/reference/routes.md` and the
 * check that each has exactly one handler come from this table.
 */
export interface RouteSpec {
  readonly service: ServiceName;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Fastify syntax; a parameter matches up to the next `/`, percent-encoded ones included. */
  readonly path: string;
  readonly summary: string;
  /** What the key must be allowed to do. */
  readonly right: (typeof rights)[number];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** The JSON body. */
  readonly body?: z.ZodType;
  /** The fields of a multipart form with one part `file`; `alone`: the route takes no JSON. */
  readonly form?: { readonly fields: z.ZodObject; readonly alone?: boolean };
  /** The CloudEvents JSON body (`application/cloudevents+json`); or the same with attributes as `ce-` headers and `data` as the body. */
  readonly cloudEvent?: z.ZodType;
  readonly status: number;
  readonly response: z.ZodType;
  /** The schema of one `data:` frame, where the answer may be a stream of server-sent events. */
  readonly frame?: z.ZodType;
  /** Media types of answers that are not JSON. */
  readonly plain?: readonly string[];
}

const route = <const R extends RouteSpec>(spec: R): R => spec;
const idParams = z.object({ id: documentId });
const page = {
  /** The longest id, 256 letters of three bytes, as base64. */
  cursor: z.string().max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
};
const list = <S extends z.ZodType>(item: S) => z.object({ data: z.array(item) });

export const routes = {
  putDocument: route({
    service: 'ingestion',
    method: 'PUT',
    path: '/v1/documents/:id',
    summary: 'Add or change a document. The same content again keeps its version.',
    right: 'write',
    params: idParams,
    body: documentInput,
    form: { fields: documentFields.extend({ metadata: z.string().optional(), acl: z.string().optional() }) },
    status: 202,
    response: acceptedAnswer,
  }),
  postDocument: route({
    service: 'ingestion',
    method: 'POST',
    path: '/v1/documents',
    summary:
      'Add or change a document; without an id a new one is made. Takes JSON, a file, or a CloudEvent, structured or ' +
      'with its attributes in `ce-` headers; the last 32 events of a document are known by `source` and `id`, and one ' +
      'of them again changes nothing and gets its first answer.',
    right: 'write',
    body: documentInput,
    form: { fields: documentFields.extend({ metadata: z.string().optional(), acl: z.string().optional() }) },
    cloudEvent: documentCloudEvent,
    status: 202,
    response: acceptedAnswer,
  }),
  deleteDocument: route({
    service: 'ingestion',
    method: 'DELETE',
    path: '/v1/documents/:id',
    summary: 'Erase a document everywhere. The receipt follows when it is done.',
    right: 'write',
    params: idParams,
    status: 202,
    response: acceptedAnswer,
  }),
  getDocument: route({
    service: 'control',
    method: 'GET',
    path: '/v1/documents/:id',
    summary:
      'Where a document is, whoever its access list names. With `wait` the answer comes when that state is reached or ' +
      'cannot follow any more, or after `timeout`.',
    right: 'write',
    params: idParams,
    query: z.object({
      wait: documentState.optional(),
      /** Seconds. */
      timeout: z.coerce.number().min(0).max(120).default(30),
    }),
    status: 200,
    response: documentStatus,
  }),
  listDocuments: route({
    service: 'control',
    method: 'GET',
    path: '/v1/documents',
    summary: 'All of the tenant’s documents, by id, whoever their access lists name.',
    right: 'write',
    query: z.object({ ...page, state: documentState.optional() }),
    status: 200,
    response: documentPage,
  }),
  getReceipt: route({
    service: 'control',
    method: 'GET',
    path: '/v1/documents/:id/receipt',
    summary: 'What an erasure removed, and where.',
    right: 'write',
    params: idParams,
    status: 200,
    response: erasureReceipt,
  }),
  getContent: route({
    service: 'control',
    method: 'GET',
    path: '/v1/documents/:id/content',
    summary:
      'The extracted text of the live version, if its access list admits the caller: what the offsets of results and ' +
      'citations count in.',
    right: 'read',
    params: idParams,
    status: 200,
    response: documentContent,
  }),
  search: route({
    service: 'retrieval',
    method: 'POST',
    path: '/v1/search',
    summary: 'Find passages by meaning, by words, or by both.',
    right: 'read',
    body: searchRequest,
    status: 200,
    response: searchResponse,
  }),
  rerank: route({
    service: 'retrieval',
    method: 'POST',
    path: '/v1/rerank',
    summary: 'Put texts in the order in which they answer a query, by the reranker that is set up here.',
    right: 'read',
    body: rerankRequest,
    status: 200,
    response: rerankResponse,
  }),
  chatCompletions: route({
    service: 'generation',
    method: 'POST',
    path: '/v1/chat/completions',
    summary: 'Answer from the documents, with citations. OpenAI’s chat completions, streamed or whole.',
    right: 'read',
    body: chatCompletionRequest,
    status: 200,
    response: chatCompletion,
    frame: chatCompletionChunk,
  }),
  listModels: route({
    service: 'generation',
    method: 'GET',
    path: '/v1/models',
    summary: 'The models that chat completions and embeddings can use.',
    right: 'read',
    status: 200,
    response: modelList,
  }),
  getModel: route({
    service: 'generation',
    method: 'GET',
    path: '/v1/models/:model',
    summary: 'One of these models.',
    right: 'read',
    params: z.object({ model: z.string().min(1).max(256) }),
    status: 200,
    response: model,
  }),
  embeddings: route({
    service: 'embedding',
    method: 'POST',
    path: '/v1/embeddings',
    summary:
      'Vectors of texts, or of token ids, by any embedding model that is there. OpenAI’s embeddings. The headers ' +
      '`x-millrace-load-ms`, `-tokenize-ms`, `-queue-ms` and `-inference-ms` say where the time went, and ' +
      '`x-millrace-fingerprint` what the vectors are of.',
    right: 'read',
    body: embeddingRequest,
    status: 200,
    response: embeddingResponse,
  }),
  moderations: route({
    service: 'moderation',
    method: 'POST',
    path: '/v1/moderations',
    summary: 'What the moderation policy says of texts. OpenAI’s moderations.',
    right: 'read',
    body: moderationRequest,
    status: 200,
    response: moderationResponse,
  }),
  transcriptions: route({
    service: 'transcription',
    method: 'POST',
    path: '/v1/audio/transcriptions',
    summary: 'The words of a recording (WAV, FLAC, MP3). OpenAI’s transcriptions.',
    right: 'read',
    form: { fields: transcriptionFields, alone: true },
    status: 200,
    response: transcriptionResponse,
    plain: ['text/plain', 'application/x-subrip', 'text/vtt'],
  }),
  createTenant: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/tenants',
    summary: 'Add a tenant. For admins of the tenant `default`.',
    right: 'admin',
    body: tenantInput,
    status: 201,
    response: tenantRecord,
  }),
  listTenants: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/tenants',
    summary: 'All tenants; for an admin of another tenant than `default`, its own.',
    right: 'admin',
    status: 200,
    response: list(tenantRecord),
  }),
  createKey: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/keys',
    summary: 'Make a key, of the own tenant or, as an admin of `default`, of any. It is shown this once.',
    right: 'admin',
    body: keyInput,
    status: 201,
    response: createdKey,
  }),
  listKeys: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/keys',
    summary: 'All keys that the caller may make, without their secrets.',
    right: 'admin',
    query: z.object({ tenant: tenantName.optional() }),
    status: 200,
    response: list(keyRecord),
  }),
  revokeKey: route({
    service: 'control',
    method: 'DELETE',
    path: '/v1/admin/keys/:id',
    summary: 'Revoke a key: at once in the process that answers, within two seconds in others.',
    right: 'admin',
    params: z.object({ id: z.string() }),
    status: 204,
    response: z.null(),
  }),
  listDeadLetters: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/dead-letters',
    summary:
      'What could not be handled, and why, the newest first: of the own tenant or, for an admin of `default`, of all.',
    right: 'admin',
    query: z.object({ ...page, tenant: tenantName.optional(), code: z.string().optional() }),
    status: 200,
    response: z.object({ data: z.array(deadLetterRecord), next_cursor: z.string().optional() }),
  }),
  deadLetter: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/dead-letters/:id',
    summary: 'A dead letter with the message that could not be handled.',
    right: 'admin',
    params: z.object({ id: z.string() }),
    status: 200,
    response: wholeDeadLetter,
  }),
  replay: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/replay',
    summary:
      'Send dead letters round again: those that the caller may list, as they are or as they should have been.',
    right: 'admin',
    body: replayInput,
    status: 200,
    response: replayAnswer,
  }),
  modelPlan: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/models',
    summary: 'Which embedding model serves, how far the next one is, and which one can be switched back to.',
    right: 'admin',
    status: 200,
    response: modelPlanStatus,
  }),
  switchModel: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/models/switch',
    summary:
      'Prepare another embedding model: give all documents its vectors beside those of the serving one, compare, and ' +
      'switch if it finds as much. The same again changes nothing.',
    right: 'admin',
    body: switchInput,
    status: 202,
    response: modelPlanStatus,
  }),
  serveModel: route({
    service: 'control',
    method: 'POST',
    path: '/v1/admin/models/serve',
    summary: 'Switch to the next model, when it is ready, or back to the previous one, at once.',
    right: 'admin',
    body: serveInput,
    status: 200,
    response: modelPlanStatus,
  }),
  retireModel: route({
    service: 'control',
    method: 'DELETE',
    path: '/v1/admin/models/:model',
    summary: 'Give up the next model, or the way back to the previous one: its index goes.',
    right: 'admin',
    params: z.object({ model: z.string().min(1).max(128) }),
    status: 200,
    response: modelPlanStatus,
  }),
  queues: route({
    service: 'control',
    method: 'GET',
    path: '/v1/admin/queues',
    summary:
      'What waits where: job queues, consumer lag, documents by state. Documents are those of the own tenant or, for an ' +
      'admin of `default`, of all.',
    right: 'admin',
    status: 200,
    response: queueDepths,
  }),
} satisfies Record<string, RouteSpec>;

export type RouteName = keyof typeof routes;
