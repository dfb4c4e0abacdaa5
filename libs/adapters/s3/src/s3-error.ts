import { MillraceError, type ErrorCode } from '@millrace/contracts';
import { S3ServiceException } from '@aws-sdk/client-s3';

/** What an answer means, by its code: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and MinIO's, versitygw's. */
const meanings: Readonly<Record<string, ErrorCode>> = {
  EntityTooLarge: 'body_too_large',
  InvalidArgument: 'internal',
  InvalidRequest: 'internal',
  KeyTooLongError: 'invalid_request',
  MalformedXML: 'internal',
  MethodNotAllowed: 'internal',
  NoSpaceLeftOnDevice: 'storage_full',
  NotImplemented: 'internal',
  QuotaExceeded: 'storage_full',
  XMinioStorageFull: 'storage_full',
};
const insufficientStorage = 507;

export const isAbsent = (error: unknown): boolean =>
  error instanceof S3ServiceException && ['NoSuchKey', 'NotFound'].includes(error.name);

/** The condition of a write did not hold, or could not be told because of another write just then. */
export const isTaken = (error: unknown): boolean => statusOf(error) === 412;
export const isRace = (error: unknown): boolean => statusOf(error) === 409;

/** How often the SDK asked before it gave this error. */
export const attemptsOf = (error: unknown): number =>
  (error as Partial<S3ServiceException> | undefined)?.$metadata?.attempts ?? 1;

/**
 * What a thrown value of the SDK means. Its own error holds request and response, and with them the access key, so
 * only its name, its status and the number by which the server knows the request go on.
 */
export function asMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const status = statusOf(thrown);
  const name = nameOf(thrown);
  const code = status === insufficientStorage ? 'storage_full' : (meanings[name] ?? 'dependency_unavailable');
  return new MillraceError(code, {
    detail: `S3: ${name}${status === undefined ? '' : `, status ${status}`}`,
    cause: new Error(`S3: ${name}, request ${requestOf(thrown)}`),
  });
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

const requestOf = (error: unknown): string =>
  (error instanceof S3ServiceException && error.$metadata.requestId) || 'unanswered';

/** The code of a socket's error, such as `ECONNREFUSED`, or the name of another. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
