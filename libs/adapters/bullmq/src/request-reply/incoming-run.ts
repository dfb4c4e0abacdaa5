import { MillraceError } from '@millrace/contracts';
import type { ServeOptions } from '@millrace/ports';
import { toErrorMessage, type CallMessage, type ReplyMessage } from './messages.ts';

/** Longest time-out of a timer. */
const maxTimerMs = 2 ** 31 - 1;

/** A call that a handler works on. */
export class IncomingRun {
  /** The handler is through: its slot is free. */
  readonly done: Promise<void>;
  /** The handler is through, or nobody waits for it any more. */
  readonly over: Promise<void>;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(call: CallMessage, handler: ServeOptions['handler'], reply: (message: ReplyMessage) => void) {
    const late = (): void => this.abort(new MillraceError('deadline_exceeded'));
    this.timer = setTimeout(late, Math.min(Math.max(0, call.deadline - Date.now()), maxTimerMs));
    const { signal } = this.controller;
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    this.done = answer(call, handler, signal).then((message) => {
      clearTimeout(this.timer);
      if (!signal.aborted) reply(message);
    });
    this.over = Promise.race([this.done, aborted]);
  }

  /** Nobody waits for the answer any more: the handler may stop. */
  abort(reason: MillraceError): void {
    clearTimeout(this.timer);
    this.controller.abort(reason);
  }
}

async function answer(
  { id, input, deadline, headers }: CallMessage,
  handler: ServeOptions['handler'],
  signal: AbortSignal,
): Promise<ReplyMessage> {
  try {
    return { id, output: (await handler({ input, deadline, headers, signal })) ?? null };
  } catch (error) {
    return { id, error: toErrorMessage(MillraceError.from(error)) };
  }
}
