import { MillraceError } from '@millrace/contracts';
import { AnswerTime } from '../answers/answer-time.ts';
import type { ToldPart } from '../answers/told-part.ts';

/** Makes an answer, until the signal aborts. */
export type Making = (until: AbortSignal) => AsyncGenerator<ToldPart>;

/** @param whole what was told, unless it broke off */
export type OnEnd = (whole: readonly ToldPart[] | undefined) => void;

/**
 * An answer that is made once and told to several, to each from its beginning, as it comes. It is made as fast as the
 * quickest of them reads, goes on when the first leaves, and no further when the last has left. What was told is held until
 * then: at most as much as an answer may have.
 */
export class SharedAnswer {
  /** Nothing of it is made any more. */
  readonly over: Promise<void>;
  private readonly isOver = Promise.withResolvers<void>();
  private readonly told: ToldPart[] = [];
  private readonly stopping = new AbortController();
  private readonly time: AnswerTime;
  private readonly source: AsyncGenerator<ToldPart>;
  private readers = 0;
  private pulling: Promise<void> | undefined;
  private ended: { readonly failure?: Error } | undefined;

  constructor(
    make: Making,
    maxSeconds: number,
    private readonly onEnd: OnEnd,
  ) {
    this.over = this.isOver.promise;
    this.time = new AnswerTime(this.stopping.signal, maxSeconds);
    this.source = make(this.time.signal);
  }

  /** Rejects with what it broke off with, or why `signal` aborted. */
  async *read(signal: AbortSignal): AsyncGenerator<ToldPart> {
    this.readers += 1;
    try {
      for (let at = 0; ; at++) {
        while (at === this.told.length) {
          if (this.ended?.failure !== undefined) throw this.ended.failure;
          if (this.ended) return;
          await unlessAborted(this.pull(), signal);
        }
        yield this.told[at]!;
      }
    } finally {
      this.readers -= 1;
      if (this.readers === 0) this.end({ failure: new MillraceError('cancelled') });
    }
  }

  /** Those who wait at the same time wait for the same part. */
  private pull(): Promise<void> {
    this.pulling ??= this.next().finally(() => (this.pulling = undefined));
    return this.pulling;
  }

  private async next(): Promise<void> {
    try {
      const made = await this.source.next();
      if (this.ended) return;
      if (made.done) throw new MillraceError('backend_error', { detail: 'the answer has no end' });
      this.told.push(made.value);
      if (made.value.type === 'end') this.end({});
    } catch (error) {
      this.end({ failure: this.time.reason ?? (error as Error) });
    }
  }

  private end(ended: NonNullable<SharedAnswer['ended']>): void {
    if (this.ended) return;
    this.ended = ended;
    this.onEnd(ended.failure === undefined ? this.told : undefined);
    this.time[Symbol.dispose]();
    const ending = this.source.return(undefined).catch(() => undefined);
    void ending.finally(() => this.isOver.resolve());
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
