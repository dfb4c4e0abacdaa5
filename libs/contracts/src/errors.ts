/**
 * Every error Millrace answers with, declared once. HTTP answers, stream frames, job outcomes, dead letters and
 * `docs/reference/errors.md` all come from this table.
 *
 * `retryable` is the one retry decision: a job that fails with a retryable error is tried again with backoff,
 * any other goes to the dead letters at once.
 */
export interface ErrorSpec {
  /** HTTP status. */
  readonly status: number;
  /** OpenAI error type, so that their clients raise the right exception. */
  readonly type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'not_found_error'
    | 'rate_limit_error'
    | 'server_error';
  readonly retryable: boolean;
  /** The surroundings are at fault, not the item: a job is retried without counting attempts until they are back. */
  readonly outage?: true;
  /** What happened and what to do about it; the thrown error may add particulars. */
  readonly message: string;
}

const invalid = (status: number, message: string): ErrorSpec => ({
  status,
  type: 'invalid_request_error',
  retryable: false,
  message,
});
const transient = (status: number, message: string): ErrorSpec => ({
  status,
  type: status === 429 ? 'rate_limit_error' : 'server_error',
  retryable: true,
  message,
});
const outage = (status: number, message: string): ErrorSpec => ({
  ...transient(status, message),
  outage: true,
});

export const errors = {
  // What the caller sent
  invalid_json: invalid(400, 'The body is not valid JSON. Check quotes, commas and encoding (UTF-8).'),
  invalid_request: invalid(400, 'The request does not fit the schema. Correct what is named here.'),
  invalid_id: invalid(
    400,
    'A document id is 1 to 256 letters, digits, spaces and . _ : @ / + = -, without leading "/" or ".." parts.',
  ),
  invalid_event: invalid(
    422,
    'The message is not a valid CloudEvent of a known type. See docs/reference/events.md.',
  ),
  invalid_key: invalid(
    422,
    'The key of the record must be tenant/document and agree with the subject and the id in the data. Correct it and send the event again.',
  ),
  unsupported_parameter: invalid(400, 'This parameter is not supported. Leave it out.'),
  body_too_large: invalid(
    413,
    'The body is larger than the limit. Split it, or raise MILLRACE_HTTP_MAX_BODY_MB.',
  ),
  request_timeout: {
    status: 408,
    type: 'invalid_request_error',
    retryable: true,
    message:
      'The request did not arrive in time. Send it again, over a faster connection or in smaller parts.',
  },
  headers_too_large: invalid(
    431,
    'The address and headers of the request are larger than 16 kB. Send less in them.',
  ),
  malformed_http: invalid(
    400,
    'This is not a request in HTTP/1.1. Look at what the client or a proxy sends.',
  ),
  unsupported_media_type: invalid(
    415,
    'This content type is not accepted here. Send JSON or multipart/form-data.',
  ),
  not_acceptable: invalid(
    406,
    'The answer cannot be given in the format asked for. See the route in /openapi.json.',
  ),
  precondition_failed: invalid(
    412,
    'The file is not in the state that If-Match or If-Unmodified-Since asks for. Fetch it again.',
  ),
  range_not_satisfiable: invalid(
    416,
    'The file does not reach as far as Range asks for. Content-Range has its length.',
  ),
  idempotency_conflict: invalid(
    409,
    'This Idempotency-Key, or this source and id of an event, was used with another content. Use a new one.',
  ),
  input_too_long: invalid(400, 'An input has more tokens than the model takes. Shorten or split it.'),
  backend_refused: invalid(
    400,
    'The language model back end refuses the request as it is. Correct what it complains of: shorten what is too long, name a model that GET /v1/models lists, leave out parameters that it does not know.',
  ),
  language_model_missing: invalid(
    400,
    'No language model is set up here, and extracts of documents continue no text. Name one with MILLRACE_LLM_BASE_URL, or ask the documents by /v1/chat/completions.',
  ),
  back_end_not_found: invalid(
    400,
    'There is no language model back end of this name. Leave the header x-millrace-backend out, or name one that is set up.',
  ),
  reranker_missing: invalid(
    400,
    'No reranker is set up here. Name one with MILLRACE_RERANKER_BASE_URL, or ask without reranking.',
  ),
  reranker_refused: invalid(
    400,
    'The reranker refuses the request as it is. Correct what it complains of: send less or shorter texts, or name a model that it has.',
  ),
  exceeds_quota: invalid(
    400,
    'The request alone may take more than the tenant’s quota allows. Ask for less, with max_completion_tokens for one, or have the quota raised.',
  ),
  content_blocked: invalid(400, 'The content is blocked by the moderation policy.'),

  // What cannot be read: these become dead letters with the same code
  empty_document: invalid(422, 'The document is empty. Send text, or a file with content.'),
  no_text: invalid(422, 'No text was found in the file. Send one that has text.'),
  document_blocked: invalid(
    422,
    'The moderation policy of the tenant blocks what is in the document. Take it out and push the document again; or, where it is meant to be there, have the policy changed (millrace tenants moderation NAME --flag CATEGORY --only document) and replay it.',
  ),
  unsupported_format: invalid(
    422,
    'This file format cannot be read. Send text, Markdown, HTML, PDF, DOCX, PPTX, XLSX, CSV, JSON or EML.',
  ),
  unreadable_document: invalid(422, 'The file is damaged or not what its name says. Open and save it again.'),
  nested_too_deeply: invalid(
    422,
    'The parts of the document are nested too deeply. Send it with less nesting, or as plain text.',
  ),
  encrypted_document: invalid(422, 'The file is protected by a password. Send an unprotected copy.'),
  document_expands_too_far: invalid(
    422,
    'The file unpacks to more data than the limit. Split it, or raise MILLRACE_PARSER_MAX_EXPANDED_MB.',
  ),
  too_many_chunks: invalid(422, 'The document has more text than the limit for one document. Split it.'),
  parse_timeout: invalid(
    422,
    'Reading the file took too long. Split it, or raise MILLRACE_PARSER_TIMEOUT_MS.',
  ),
  parse_out_of_memory: invalid(
    422,
    'Reading the file took too much memory. Split it, or raise MILLRACE_PARSER_MEMORY_MB.',
  ),
  unreadable_audio: invalid(422, 'The audio cannot be decoded. Send WAV, FLAC or MP3.'),
  audio_too_long: invalid(413, 'The audio is longer than the limit. Split it.'),
  stalled: {
    status: 500,
    type: 'server_error',
    retryable: false,
    message:
      'The document stood still and sending it on again did not help. Look at the log; then replay it.',
  },
  blob_too_large: invalid(
    422,
    'The blob is larger than the limit. Split the document, or raise MILLRACE_INGESTION_MAX_CLAIM_MB; then replay the event.',
  ),
  version_gone: invalid(
    409,
    'The data of this version is gone: it was erased, or replaced by a newer one. If it is the newest, push it again.',
  ),
  poison_job: invalid(
    422,
    'Working on this item crashed the worker again and again. It needs a look; then replay it.',
  ),

  blob_not_found: {
    status: 422,
    type: 'invalid_request_error',
    retryable: true,
    message:
      'The blob that the event refers to is not there. Put it there first, then send or replay the event.',
  },

  // Who the caller is
  unauthenticated: {
    status: 401,
    type: 'authentication_error',
    retryable: false,
    message: 'No valid key was given. Send Authorization: Bearer <key>.',
  },
  forbidden: {
    status: 403,
    type: 'permission_error',
    retryable: false,
    message: 'This key does not have the right that the request needs.',
  },
  foreign_origin: {
    status: 403,
    type: 'permission_error',
    retryable: false,
    message:
      'Requests from another Host or Origin are refused while no keys are in use. Use the address of the server.',
  },

  // What is not there
  route_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message: 'There is no such route. GET /openapi.json lists them all.',
  },
  method_not_allowed: invalid(
    405,
    'The route exists, but not with this method. GET /openapi.json lists them all.',
  ),
  document_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message: 'There is no document with this id in your tenant.',
  },
  content_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message:
      'There is no indexed document with this id in your tenant that you may read. ' +
      'GET /v1/documents/{id} tells, to who may write, how far a new one is.',
  },
  receipt_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message: 'There is no erasure receipt for this id. A receipt exists once a delete has gone through.',
  },
  model_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message: 'There is no such model here. GET /v1/models lists those there are, and what each is for.',
  },
  dead_letter_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message: 'There is no such dead letter. GET /v1/admin/dead-letters lists them.',
  },
  tenant_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message: 'There is no such tenant. GET /v1/admin/tenants lists them.',
  },
  key_not_found: {
    status: 404,
    type: 'not_found_error',
    retryable: false,
    message: 'There is no such key. GET /v1/admin/keys lists them.',
  },
  model_not_ready: invalid(409, 'The plan of models does not allow that now. GET /v1/admin/models shows it.'),
  model_behind: {
    status: 409,
    type: 'invalid_request_error',
    retryable: true,
    message:
      'Its index does not have all that is indexed yet, so it cannot serve. GET /v1/admin/models counts what is missing; try again when that has followed.',
  },
  already_exists: invalid(409, 'Something with this name exists already. Choose another name.'),

  // What may work later
  queue_full: outage(429, 'Too much work is waiting. Try again after the time in Retry-After.'),
  overloaded: outage(
    503,
    'More is asked than can be answered, by all callers together. Try again after the time in Retry-After.',
  ),
  rate_limited: transient(429, 'The tenant is over its limit. Try again after the time in Retry-After.'),
  quota_exhausted: transient(
    429,
    'The tenant’s quota is used up for now. Try again after the time in Retry-After.',
  ),
  deadline_exceeded: transient(504, 'The answer did not come within the time allowed. Try again.'),
  cancelled: { ...transient(499, 'The caller went away.'), retryable: false },
  dependency_unavailable: outage(
    503,
    'A part of Millrace that this needs does not answer. Try again shortly.',
  ),
  data_folder_in_use: outage(
    503,
    'Another Millrace is using this data folder. Stop it, or choose another folder with MILLRACE_DATA_DIR.',
  ),
  shutting_down: outage(503, 'This instance is shutting down. Try again: another will answer.'),
  storage_full: outage(503, 'The disk is full. Free space; the work goes on by itself.'),
  index_missing: transient(
    503,
    'The index of these vectors is not there: its model was given up meanwhile, its file is another than the index was made of, or the vector store lost it. Try again; if that does not help, look at GET /v1/admin/models, and prepare the model anew.',
  ),
  models_missing: outage(
    503,
    'The model files are not there. They are fetched by npm run millrace -- models pull, those of a model other than the default by its name.',
  ),
  model_description_invalid: outage(
    503,
    'The model.json of an embedding model of your own cannot be used. Mend what is named here, or take its folder away, and start again.',
  ),
  model_too_large: outage(
    503,
    'The embedding model needs more memory than is set aside for models on demand. Raise MILLRACE_EMBEDDER_ON_DEMAND_MB, or make it the default model.',
  ),
  backend_unavailable: transient(
    502,
    'The language model back end cannot be reached. Check MILLRACE_LLM_BASE_URL.',
  ),
  backend_error: transient(502, 'The language model back end answered with an error.'),
  reranker_unavailable: transient(502, 'The reranker cannot be reached. Check MILLRACE_RERANKER_BASE_URL.'),
  reranker_error: transient(502, 'The reranker answered with an error.'),
  classifier_unavailable: transient(
    503,
    'The classifier did not judge the text, or not in time, and nothing goes unjudged here. Try again; see MILLRACE_MODERATION_CLASSIFIER_LATE.',
  ),
  policy_unavailable: transient(
    503,
    'What moderation is to do for this tenant cannot be asked, and nothing goes unmoderated. Try again; control must be up.',
  ),
  prompt_unavailable: transient(
    503,
    'What a language model is to be told for this tenant cannot be asked. Try again; control must be up.',
  ),
  internal: transient(
    500,
    'Something went wrong inside Millrace. The log has the details under this request id.',
  ),
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof errors;

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errors, code);

export interface ErrorDetails {
  /** Adds particulars to the table's message; never content of documents or prompts. */
  detail?: string | undefined;
  /** The field at fault, as a path: `messages.0.content`. */
  param?: string | undefined;
  /** Seconds until a retry makes sense. */
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** The only error class that crosses a seam: a code of the table plus particulars. */
export class MillraceError extends Error {
  override readonly name = 'MillraceError';
  readonly detail: string | undefined;
  readonly param: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ErrorCode,
    { detail, param, retryAfter, cause }: ErrorDetails = {},
  ) {
    super(detail ? `${errors[code].message} (${detail})` : errors[code].message, { cause });
    this.detail = detail;
    this.param = param;
    this.retryAfter = retryAfter;
  }

  get spec(): ErrorSpec {
    return errors[this.code];
  }

  /** Any thrown value as a MillraceError: unknown ones become `internal` and keep their cause. */
  static from(thrown: unknown): MillraceError {
    if (thrown instanceof MillraceError) return thrown;
    if (isSystemError(thrown, 'ENOSPC')) return new MillraceError('storage_full', { cause: thrown });
    return new MillraceError('internal', { cause: thrown });
  }
}

const isSystemError = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code;
