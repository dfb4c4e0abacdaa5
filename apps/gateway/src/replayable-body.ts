import type { IncomingMessage } from 'node:http';

/** Of a body, as much is kept as it takes to send it a second time. */
const keptBytes = 65_536;

/** A request's body, which can be sent again as long as it is small. */
export class ReplayableBody {
  private kept: Buffer[] = [];
  private size = 0;

  constructor(private readonly source: IncomingMessage) {}

  /** False once more was read than is kept. */
  get replayable(): boolean {
    return this.size <= keptBytes;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    yield* this.kept;
    // Leaving the loop early must not destroy the source: it is read on by the next attempt.
    for await (const chunk of this.source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.keep(chunk);
      yield chunk;
    }
  }

  private keep(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.replayable) this.kept.push(chunk);
    else this.kept = [];
  }
}
