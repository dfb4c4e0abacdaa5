import { MillraceError, type ErrorCode } from '@millrace/contracts';

/** Fastify's own codes, and what they are in the table. */
const fastifyCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  FST_ERR_BAD_URL: 'invalid_request',
  FST_REQ_FILE_TOO_LARGE: 'body_too_large',
  FST_FIELDS_LIMIT: 'invalid_request',
  FST_FILES_LIMIT: 'invalid_request',
  FST_PARTS_LIMIT: 'invalid_request',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported_media_type',
  FST_PROTO_VIOLATION: 'invalid_request',
  ERR_STREAM_PREMATURE_CLOSE: 'cancelled',
};

/** What the code of the table leaves open. */
const details: Record<string, string> = {
  FST_FILES_LIMIT: 'a form carries one file',
  FST_FIELDS_LIMIT: 'the form has too many fields',
  FST_PARTS_LIMIT: 'the form has too many parts',
  FST_PROTO_VIOLATION: 'a field of the form has a name that is not accepted',
  FST_ERR_BAD_URL: 'the percent encoding of the address is broken',
};

/** What serves files says it by a status. */
const fileStatuses: Record<number, ErrorCode> = { 412: 'precondition_failed', 416: 'range_not_satisfiable' };

export function toMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string };
  const known = fastifyCodes[code ?? ''] ?? fileStatuses[statusCode ?? 0];
  if (known) return new MillraceError(known, { detail: details[code ?? ''], cause: thrown });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new MillraceError('invalid_request', { detail: message, cause: thrown });
  return MillraceError.from(thrown);
}

/** Seconds, where nobody knows how long it lasts. */
export const retryAfterFailure = 5;

/** Something that the request needs is away, or so slow that its time ran out: others will fail in the same way. */
export const isOfSurroundings = ({ spec }: MillraceError): boolean =>
  spec.outage === true || (spec.retryable && spec.status > 500);

/** Seconds until a retry makes sense, if one does. */
export const retryAfterOf = (error: MillraceError): number | undefined =>
  error.retryAfter ?? (isOfSurroundings(error) ? retryAfterFailure : undefined);

/** The body of every error answer, in the shape OpenAI's clients read. */
export function errorBody(error: MillraceError, requestId: string) {
  const retryAfter = retryAfterOf(error);
  return {
    error: {
      code: error.code,
      message: error.message,
      type: error.spec.type,
      param: error.param ?? null,
      ...(retryAfter !== undefined && { retry_after: retryAfter }),
      request_id: requestId,
    },
  };
}
