import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { MillraceError } from '@millrace/contracts';
import { errorBody } from './error-answer.ts';
import type { EventStreamReply } from './reply.ts';

/** Comment lines keep proxies from closing a silent stream; ONE newline, or OpenAI's Python client reads an event. */
const pingMs = 15_000;

/**
 * Writes server-sent events and waits for slow readers. The first frame is awaited before the head is sent, so that an
 * error before it is still an ordinary error answer.
 */
export async function writeEventStream(
  response: ServerResponse,
  reply: EventStreamReply,
  headers: Readonly<Record<string, string>>,
  requestId: string,
): Promise<void> {
  const frames = reply.frames[Symbol.asyncIterator]();
  const first = await frames.next();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    ...headers,
    ...reply.options.headers,
  });
  const ping = setInterval(() => response.write(': ping\n'), pingMs);
  try {
    for (let next = first; !next.done; next = await frames.next()) {
      await write(response, `data: ${JSON.stringify(next.value)}\n\n`);
      if (response.destroyed) break;
    }
    if (reply.options.done && !response.destroyed) await write(response, `data: ${reply.options.done}\n\n`);
  } catch (error) {
    if (!response.destroyed)
      response.write(`data: ${JSON.stringify(errorBody(MillraceError.from(error), requestId))}\n\n`);
  } finally {
    clearInterval(ping);
    await frames.return?.();
    response.end();
  }
}

async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  const closed = new AbortController();
  const stop = () => closed.abort();
  response.once('close', stop);
  try {
    await once(response, 'drain', { signal: closed.signal });
  } catch {
    // The reader went away: the caller sees `destroyed`.
  } finally {
    response.off('close', stop);
  }
}
