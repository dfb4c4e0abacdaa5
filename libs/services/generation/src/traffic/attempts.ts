import type { ErrorCode } from '@millrace/contracts';
import type { BackEnd } from '@millrace/ports';

/** Told how one back end does that is asked for an answer. */
export interface Attempt {
  /** It has taken the request. */
  connected(): void;
  /** Before anything was said, or in the middle. */
  failed(code: ErrorCode): void;
  /** It says the answer. */
  chosen(): void;
  /** Another one, asked beside it, said something first. */
  outrun(): void;
}

/** Told of each back end that is asked for an answer, in their order. */
export interface Attempts {
  connecting(backEnd: BackEnd): Attempt;
}
