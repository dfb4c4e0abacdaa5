import { Console } from 'node:console';
import { Writable } from 'node:stream';

/**
 * The decoders tell the console of every damaged piece: a file of noise would write a line to the log for each of its
 * kilobytes. Nothing else in a worker writes there while it decodes, so the lines are counted instead.
 */
export class DecoderComplaints {
  count = 0;
  private readonly counting = new Console(
    new Writable({
      write: (_line, _encoding, done) => {
        this.count++;
        done();
      },
    }),
  );

  /** Runs one step of a decoder. Steps must not overlap. */
  async during<T>(step: () => Promise<T>): Promise<T> {
    const own = globalThis.console;
    globalThis.console = this.counting;
    try {
      return await step();
    } finally {
      globalThis.console = own;
    }
  }
}
