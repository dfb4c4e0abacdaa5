import { MillraceError, type ErrorCode } from '@millrace/contracts';

/** What the operating system's error codes mean for a blob; any other is `internal`. */
const meanings: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
  // The key is a folder of others, lies below a blob, or has too long a part.
  EEXIST: 'invalid_request',
  EISDIR: 'invalid_request',
  ENOTDIR: 'invalid_request',
  ENAMETOOLONG: 'invalid_request',
  // The folder is away, or the file system that it is on.
  EACCES: 'dependency_unavailable',
  EHOSTDOWN: 'dependency_unavailable',
  EIO: 'dependency_unavailable',
  EMFILE: 'dependency_unavailable',
  ENFILE: 'dependency_unavailable',
  ENODEV: 'dependency_unavailable',
  ENOENT: 'dependency_unavailable',
  ENOTCONN: 'dependency_unavailable',
  ENXIO: 'dependency_unavailable',
  EPERM: 'dependency_unavailable',
  EROFS: 'dependency_unavailable',
  ESTALE: 'dependency_unavailable',
  ETIMEDOUT: 'dependency_unavailable',
};

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(codeOf(error));

export function asMillraceError(error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const code = codeOf(error);
  return new MillraceError(meanings[code] ?? 'internal', { detail: code || undefined, cause: error });
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
