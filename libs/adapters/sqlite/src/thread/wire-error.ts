import { MillraceError, type ErrorCode } from '@millrace/contracts';

/** An error on its way between threads: the structured clone would drop its class and its codes. */
export interface WireError {
  readonly message: string;
  readonly stack: string | undefined;
  /** SQLite's extended result code. */
  readonly errcode: number | undefined;
  readonly millrace?: Pick<MillraceError, 'code' | 'detail' | 'param' | 'retryAfter'>;
}

export function toWire(thrown: unknown): WireError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { message, stack } = error;
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
  if (!(error instanceof MillraceError)) return { message, stack, errcode };
  const { code, detail, param, retryAfter } = error;
  return { message, stack, errcode, millrace: { code, detail, param, retryAfter } };
}

/** A `MillraceError` with its code; a fault of the surroundings as the code it stands for; else an `Error` with `errcode`. */
export function fromWire({ message, stack, errcode, millrace }: WireError): Error {
  const error = Object.assign(new Error(message), { errcode }, stack && { stack });
  if (millrace) return new MillraceError(millrace.code, { ...millrace, cause: error });
  const code = surroundings.get((errcode ?? 0) & primaryCode);
  return code ? new MillraceError(code, { detail: message, cause: error }) : error;
}

/** The low byte of an extended result code. */
const primaryCode = 0xff;

/** SQLite's result codes (sqlite.org/rescode.html) that blame the surroundings, not the statement. */
const surroundings: ReadonlyMap<number, ErrorCode> = new Map([
  [5, 'dependency_unavailable'], // SQLITE_BUSY
  [7, 'dependency_unavailable'], // SQLITE_NOMEM
  [8, 'dependency_unavailable'], // SQLITE_READONLY
  [10, 'dependency_unavailable'], // SQLITE_IOERR
  [11, 'dependency_unavailable'], // SQLITE_CORRUPT
  [13, 'storage_full'], // SQLITE_FULL
  [14, 'dependency_unavailable'], // SQLITE_CANTOPEN
  [26, 'dependency_unavailable'], // SQLITE_NOTADB
]);
