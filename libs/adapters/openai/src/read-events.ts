import { MillraceError } from '@millrace/contracts';
import { createParser } from 'eventsource-parser';
import type { IncomingMessage } from 'node:http';
import type { Patience } from './patience.ts';

/** Characters of one event; a longer one is a fault, not a delta. */
const maxEventChars = 1_048_576;

/**
 * The data of each event, as soon as it is there. Ends where the answer ends and rejects where the connection breaks;
 * leaves the answer open when the reader stops early.
 */
export async function* readEvents(response: IncomingMessage, patience: Patience): AsyncGenerator<string> {
  const ready: string[] = [];
  const parser = createParser({
    maxBufferSize: maxEventChars,
    onEvent: ({ data }) => void ready.push(data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded')
        throw new MillraceError('backend_error', { detail: 'an event of its stream is too long' });
    },
  });
  const chunks = response.iterator({ destroyOnReturn: false }) as AsyncIterator<string, undefined>;
  try {
    for (;;) {
      const { done, value } = await patience.during(chunks.next());
      // A last event may lack its blank line.
      parser.feed(done ? '\n\n' : value);
      yield* ready.splice(0);
      if (done) return;
    }
  } finally {
    await chunks.return?.();
  }
}
