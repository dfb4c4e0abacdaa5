import type { ErrorCode } from '@millrace/contracts';

/** Thrown in a worker when the request is at fault: becomes that error at the caller, and the worker goes on. */
export class Refusal extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail?: string,
  ) {
    super(detail ?? code);
  }
}
