import { MillraceError } from '@millrace/contracts';
import type { CallOptions, IncomingCall } from '@millrace/ports';

/** Longest time-out of a timer. */
const maxTimerMs = 2 ** 31 - 1;

/** A call from its arrival to its end, which comes once: answered, failed, cancelled or past its deadline. */
export class PendingCall {
  readonly incoming: IncomingCall;
  readonly answer: Promise<unknown>;
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly settle: PromiseWithResolvers<unknown>;
  private readonly caller: AbortSignal | undefined;
  private readonly onAbort = (): void => this.giveUp(new MillraceError('cancelled'));
  private ended = false;

  /** `onEnd` is told once, when the call ends. */
  constructor(
    input: unknown,
    { deadline, signal, headers = {} }: CallOptions,
    private readonly onEnd: () => void,
  ) {
    this.incoming = { input, deadline, signal: this.abort.signal, headers: { ...headers } };
    this.settle = Promise.withResolvers<unknown>();
    this.answer = this.settle.promise;
    this.caller = signal;
    this.caller?.addEventListener('abort', this.onAbort, { once: true });
    const late = (): void => this.giveUp(new MillraceError('deadline_exceeded'));
    this.timer = setTimeout(late, Math.min(Math.max(0, deadline - Date.now()), maxTimerMs));
  }

  resolve(output: unknown): void {
    if (this.end()) this.settle.resolve(output);
  }

  reject(error: MillraceError): void {
    if (this.end()) this.settle.reject(error);
  }

  /** Nobody waits for the answer any more: the handler may stop. */
  private giveUp(reason: MillraceError): void {
    this.reject(reason);
    this.abort.abort(reason);
  }

  private end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    clearTimeout(this.timer);
    this.caller?.removeEventListener('abort', this.onAbort);
    this.onEnd();
    return true;
  }
}
