import { MillraceError } from '@millrace/contracts';
import { createParser } from 'eventsource-parser';
import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Patience } from './patience.ts';

/** Characters of one event; a longer one is a fault, not a delta. */
const maxEventChars = 1_048_576;
/** Pieces kept for a reader that is busy; then the other side waits. */
const maxAhead = 1_024;
/** May stand before the first event: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
const byteOrderMark = /^\ufeff/;

/**
 * The data of each event, as soon as it is there. Ends where the answer ends and rejects where the connection breaks, after
 * all that came before; leaves the answer open when the reader stops early.
 */
export async function* readEvents(response: IncomingMessage, patience: Patience): AsyncGenerator<string> {
  const ready: string[] = [];
  const parser = createParser({
    maxBufferSize: maxEventChars,
    // One without data is none, says the same page: some keep the connection alive by it.
    onEvent: ({ data }) => void (data !== '' && ready.push(data)),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded')
        throw new MillraceError('backend_error', { detail: 'an event of its stream is too long' });
    },
  });
  if (response.errored) throw response.errored;
  // Not the stream's own iterator: what has come and is not read yet would be lost with the connection.
  const pieces = on(response, 'data', { close: ['end'], highWaterMark: maxAhead }) as Pieces;
  let isFirst = true;
  try {
    for (;;) {
      const { done, value: [piece] = [''] } = await patience.during(pieces.next());
      // A last event may lack its blank line.
      parser.feed(done ? '\n\n' : isFirst ? piece.replace(byteOrderMark, '') : piece);
      isFirst = false;
      yield* ready.splice(0);
      if (done) return;
    }
  } finally {
    await pieces.return?.();
  }
}

type Pieces = AsyncIterator<[string], undefined>;
