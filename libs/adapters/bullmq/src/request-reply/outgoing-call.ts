import { MillraceError } from '@millrace/contracts';
import type { CallOptions } from '@millrace/ports';

/** Longest time-out of a timer. */
const maxTimerMs = 2 ** 31 - 1;

/** A call as its caller sees it, until it ends, which comes once: answered, failed, cancelled or past its deadline. */
export class OutgoingCall {
  readonly answer: Promise<unknown>;
  private readonly settle = Promise.withResolvers<unknown>();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = (): void => this.giveUp(new MillraceError('cancelled'));
  private readonly caller: AbortSignal | undefined;

  /** `onEnd` is told once; `givenUp` when somebody may still be at work on it. `reasonOfLate`: of no answer by the deadline. */
  constructor(
    { deadline, signal }: CallOptions,
    reasonOfLate: () => MillraceError,
    private readonly onEnd: (givenUp: boolean) => void,
  ) {
    this.answer = this.settle.promise;
    this.caller = signal;
    this.caller?.addEventListener('abort', this.onAbort, { once: true });
    const late = (): void => this.giveUp(reasonOfLate());
    this.timer = setTimeout(late, Math.min(Math.max(0, deadline - Date.now()), maxTimerMs));
  }

  /** Set when the answer is of no use any more. */
  ended = false;

  resolve(output: unknown): void {
    if (this.end(false)) this.settle.resolve(output);
  }

  reject(error: MillraceError): void {
    if (this.end(false)) this.settle.reject(error);
  }

  giveUp(reason: MillraceError): void {
    if (this.end(true)) this.settle.reject(reason);
  }

  private end(givenUp: boolean): boolean {
    if (this.ended) return false;
    this.ended = true;
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onAbort);
    this.onEnd(givenUp);
    return true;
  }
}
