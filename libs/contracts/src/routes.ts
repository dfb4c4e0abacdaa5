import { z } from 'zod';
import { adminRoutes } from './admin-routes.ts';
import { answerRoutes } from './answer-routes.ts';
import { model, modelList } from './chat.ts';
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
import { page, route, type RouteSpec } from './route-spec.ts';
import { searchRequest, searchResponse } from './search.ts';

const idParams = z.object({ id: documentId });

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
    audits: ['document.delete'],
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
    audits: ['document.delete'],
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
  ...answerRoutes,
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
  ...adminRoutes,
} satisfies Record<string, RouteSpec>;

export type RouteName = keyof typeof routes;
