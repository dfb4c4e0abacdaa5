import { MillraceError } from '@millrace/contracts';
import type { CallOptions, Lane, ServeOptions } from '@millrace/ports';
import { copyJson } from './copy-json.ts';
import { PendingCall } from './pending-call.ts';

/** Seconds after which a refused caller may try again. */
const retryAfter = 1;

/** One method's handler with its running and waiting calls. */
export class ServedMethod {
  private readonly waiting: Readonly<Record<Lane, Set<PendingCall>>> = {
    interactive: new Set(),
    bulk: new Set(),
  };
  private readonly running = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly options: ServeOptions) {}

  call(input: unknown, options: CallOptions): Promise<unknown> {
    if (this.closed) throw new MillraceError('shutting_down');
    const full =
      this.running.size >= this.options.concurrency && this.waitingCalls >= this.options.maxWaiting;
    if (full) throw new MillraceError('queue_full', { retryAfter });
    const lane = this.waiting[options.lane ?? 'interactive'];
    const pending = new PendingCall(copyJson(input), options, () => lane.delete(pending));
    lane.add(pending);
    this.startNext();
    return pending.answer;
  }

  /** Waiting calls are refused, running ones run to their end. */
  async close(): Promise<void> {
    this.closed = true;
    for (const lane of Object.values(this.waiting))
      for (const pending of lane) pending.reject(new MillraceError('shutting_down'));
    await Promise.all(this.running);
  }

  private get waitingCalls(): number {
    return this.waiting.interactive.size + this.waiting.bulk.size;
  }

  private startNext(): void {
    if (this.running.size >= this.options.concurrency) return;
    const lane = this.waiting.interactive.size > 0 ? this.waiting.interactive : this.waiting.bulk;
    const [pending] = lane;
    if (!pending) return;
    lane.delete(pending);
    const run = this.run(pending).finally(() => {
      this.running.delete(run);
      this.startNext();
    });
    this.running.add(run);
  }

  /** A handler keeps its place until it ends, even when nobody waits for it any more. */
  private async run(pending: PendingCall): Promise<void> {
    try {
      pending.resolve(copyJson((await this.options.handler(pending.incoming)) ?? null));
    } catch (error) {
      pending.reject(MillraceError.from(error));
    }
  }
}
