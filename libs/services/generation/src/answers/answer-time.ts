import { MillraceError } from '@millrace/contracts';

/**
 * How long an answer may live: until the caller goes away or its time is up, whichever is first. Ends, timer and listener
 * included, when it is disposed of; then `signal` is aborted too, so that nothing goes on that was begun for it.
 */
export class AnswerTime implements Disposable {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onGone = () => this.controller.abort(new MillraceError('cancelled'));

  constructor(
    private readonly caller: AbortSignal,
    maxSeconds: number,
  ) {
    this.timer = setTimeout(
      () => this.controller.abort(new MillraceError('deadline_exceeded')),
      maxSeconds * 1000,
    );
    caller.addEventListener('abort', this.onGone, { once: true });
    if (caller.aborted) this.onGone();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why it is over, if it is: a time-out and a caller's leave come before whatever they caused. */
  get reason(): MillraceError | undefined {
    return this.signal.aborted ? (this.signal.reason as MillraceError) : undefined;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
    this.caller.removeEventListener('abort', this.onGone);
    this.controller.abort(new MillraceError('cancelled'));
  }
}
