import { isErrorCode, MillraceError, type ErrorCode } from '@millrace/contracts';

/** A call on its way to whoever serves the method. */
export interface CallMessage {
  readonly id: string;
  /** The channel that the caller listens to. */
  readonly replyTo: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: unknown;
}

export interface ErrorMessage {
  readonly code: ErrorCode;
  readonly detail?: string | undefined;
  readonly param?: string | undefined;
  readonly retryAfter?: number | undefined;
}

export type ReplyMessage =
  { readonly id: string; readonly output: unknown } | { readonly id: string; readonly error: ErrorMessage };

/** In place of a reply that is fetched from a key of its own. */
export interface LargeReply {
  readonly id: string;
  readonly key: string;
}

/** Characters of JSON that a call or a reply may have. */
const maxCharacters = 64 * 1024 * 1024;

/** As JSON, bounded. */
export function encode(message: CallMessage | ReplyMessage): string {
  const text = JSON.stringify(message);
  if (text.length > maxCharacters)
    throw new MillraceError('body_too_large', { detail: `${text.length} characters between two services` });
  return text;
}

/** What of an error crosses: the code and its particulars, never the cause. */
export const toErrorMessage = ({ code, detail, param, retryAfter }: MillraceError): ErrorMessage => ({
  code,
  detail,
  param,
  retryAfter,
});

/** A code that this version does not know yet is an internal error to it. */
export const fromErrorMessage = ({ code, ...details }: ErrorMessage): MillraceError =>
  isErrorCode(code) ? new MillraceError(code, details) : new MillraceError('internal');
