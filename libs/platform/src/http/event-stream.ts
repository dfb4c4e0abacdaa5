import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { MillraceError } from '@millrace/contracts';
import { errorBody } from './error-answer.ts';
import type { EventStreamReply } from './reply.ts';

/** Comment lines keep proxies from closing a silent stream; ONE newline, or OpenAI's Python client reads an event. */
const pingMs = 15_000;

export interface EventStreamContext {
  /** Those that are set by the time of the first frame. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Ends the stream with an error, whatever its next frame waits for. */
  readonly signal: AbortSignal;
}

/**
 * Writes server-sent events and waits for slow readers. The first frame is awaited before the head is sent, so that an
 * error before it is still an ordinary error answer.
 */
export async function writeEventStream(
  response: ServerResponse,
  reply: EventStreamReply,
  { headers, requestId, signal }: EventStreamContext,
): Promise<void> {
  const frames = reply.frames[Symbol.asyncIterator]();
  using aborted = new Abortable(signal);
  const next = (): Promise<IteratorResult<object>> => aborted.unless(frames.next());
  const first = await next();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    ...headers(),
    ...reply.options.headers,
  });
  const ping = setInterval(() => response.write(': ping\n'), pingMs);
  try {
    for (let frame = first; !frame.done; frame = await next()) {
      await write(response, `${nameOf(frame.value, reply)}data: ${JSON.stringify(frame.value)}\n\n`);
      if (response.destroyed) break;
    }
    if (reply.options.done && !response.destroyed) await write(response, `data: ${reply.options.done}\n\n`);
  } catch (error) {
    if (!response.destroyed) response.write(errorFrame(error, requestId));
  } finally {
    clearInterval(ping);
    response.end();
    // One that waits for its next frame ends when that comes.
    const ended = frames.return?.();
    if (signal.aborted) ended?.catch(() => undefined);
    else await ended;
  }
}

const nameOf = (frame: object, { options }: EventStreamReply): string =>
  options.named && 'type' in frame ? `event: ${String(frame.type)}\n` : '';

/** The last frame of a stream that breaks off. */
export const errorFrame = (error: unknown, requestId: string): string =>
  `data: ${JSON.stringify(errorBody(MillraceError.from(error), requestId))}\n\n`;

/** Lets one wait at a time end when a signal aborts. One listener for all of them: a stream waits for every frame. */
class Abortable implements Disposable {
  private reject: ((reason: unknown) => void) | undefined;
  private readonly onAbort = (): void => this.reject?.(this.signal.reason);

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.onAbort);
  }

  unless<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      if (this.signal.aborted) this.onAbort();
      promise.then(resolve, reject);
    });
  }

  [Symbol.dispose](): void {
    this.signal.removeEventListener('abort', this.onAbort);
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
