import type { ErrorCode } from '@millrace/contracts';
import type { BackEnd } from '@millrace/ports';

/** Told of each back end that is asked for an answer, in their order. */
export interface Attempts {
  connecting(backEnd: BackEnd): void;
  /** It has taken the request. */
  connected(): void;
  /** Before anything was said, or in the middle. */
  failed(code: ErrorCode): void;
}
