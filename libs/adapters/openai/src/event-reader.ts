import { MillraceError } from '@millrace/contracts';
import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { IncomingMessage } from 'node:http';

/** Characters of one event; a longer one is a fault, not a delta. */
const maxEventChars = 1_048_576;
/** Events kept for a reader that is busy; then the other side waits. */
const maxAhead = 1_024;
/** May stand before the first event: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
const byteOrderMark = /^\ufeff/;

/**
 * The data of the events of a stream, all that have come since they were last asked for. After the last of them the end, or
 * what broke the connection: never instead of what came before. Leaves the answer open when nobody asks on.
 */
export class EventReader implements Disposable {
  private ready: string[] = [];
  private failure: { readonly error: unknown } | undefined;
  private isOver = false;
  private isFirst = true;
  private wake: (() => void) | undefined;
  private wakeAtEnd: (() => void) | undefined;
  private readonly parser: EventSourceParser;

  constructor(private readonly response: IncomingMessage) {
    this.parser = createParser({
      maxBufferSize: maxEventChars,
      // One without data is none, says the same page: some keep the connection alive by it.
      onEvent: ({ data }) => void (data !== '' && this.ready.push(data)),
      onError: ({ type }) => {
        if (type === 'max-buffer-size-exceeded')
          throw new MillraceError('backend_error', { detail: 'an event of its stream is too long' });
      },
    });
    if (response.errored) this.onError(response.errored);
    response
      .on('data', this.onData)
      .on('end', this.onEnd)
      .on('error', this.onError)
      .on('close', this.onClose);
  }

  get hasNone(): boolean {
    return this.ready.length === 0 && !this.isOver && !this.failure;
  }

  /** Resolves when there is something to take: an event, the end, or a failure. */
  arrival(): Promise<void> {
    if (!this.hasNone) return Promise.resolve();
    return new Promise((resolve) => (this.wake = resolve));
  }

  /** Lets events gather: for so long, or until nothing more will come. */
  rest(ms: number): Promise<void> {
    if (this.isOver || this.failure) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeAtEnd = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Empty where it has ended; throws what broke it. */
  take(): string[] {
    const taken = this.ready;
    this.ready = [];
    if (taken.length === 0 && this.failure) throw this.failure.error;
    this.response.resume();
    return taken;
  }

  [Symbol.dispose](): void {
    const { response } = this;
    response
      .off('data', this.onData)
      .off('end', this.onEnd)
      .off('error', this.onError)
      .off('close', this.onClose);
  }

  private readonly onData = (piece: string): void => {
    this.feed(this.isFirst ? piece.replace(byteOrderMark, '') : piece);
    this.isFirst = false;
    if (this.ready.length >= maxAhead) this.response.pause();
  };

  private readonly onEnd = (): void => {
    // A last event may lack its blank line.
    this.feed('\n\n');
    this.isOver = true;
    this.tell();
  };

  private readonly onError = (error: unknown): void => {
    this.failure ??= { error };
    this.tell();
  };

  private readonly onClose = (): void => {
    if (!this.isOver) this.onError(new MillraceError('backend_error', { detail: 'its stream was closed' }));
  };

  private feed(piece: string): void {
    if (this.failure) return;
    try {
      this.parser.feed(piece);
    } catch (error) {
      this.failure = { error };
    }
    if (!this.hasNone) this.tell();
  }

  private tell(): void {
    this.wake?.();
    this.wake = undefined;
    if (this.isOver || this.failure) this.wakeAtEnd?.();
  }
}
