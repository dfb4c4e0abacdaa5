import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { MillraceError } from '@millrace/contracts';
import { errorFrame } from '@millrace/platform';
import { ReplayableBody } from './replayable-body.ts';

/** Meant for one hop only (RFC 9110, section 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Free connections are closed before the service, which waits longer, closes them under a request. */
const idleMs = 30_000;
const connectMs = 2_000;

export interface Forwarded {
  /** Replicas to try, in order. */
  readonly replicas: readonly string[];
  readonly requestId: string;
  /** Told of a replica that could not be reached. */
  readonly onUnreachable: (url: string) => void;
}

/**
 * Hands requests to replicas and their answers back, as they come. A caller who goes away ends the request at the replica
 * too, whatever it is doing.
 */
export class Forwarder {
  private readonly agent = new Agent({ keepAlive: true, timeout: idleMs });

  /** The answer of the first replica that takes the request, its body still to come. */
  async ask(
    request: IncomingMessage,
    caller: AbortSignal,
    { replicas, requestId, onUnreachable }: Forwarded,
  ): Promise<IncomingMessage> {
    const body = new ReplayableBody(request);
    // The first once more: a kept connection of its may have been closed as it was used.
    for (const replica of [...replicas, ...replicas.slice(0, 1)]) {
      const attempt = this.open(replica, request, requestId);
      caller.addEventListener('abort', () => attempt.destroy(), { once: true });
      try {
        return await answerTo(attempt, body);
      } catch (error) {
        attempt.destroy();
        if (caller.aborted) throw caller.reason;
        if (!mayRepeat(error, attempt, body)) break;
        onUnreachable(replica);
      }
    }
    throw new MillraceError('dependency_unavailable', { retryAfter: 1 });
  }

  close(): void {
    this.agent.destroy();
  }

  private open(replica: string, { method, url, headers }: IncomingMessage, requestId: string): ClientRequest {
    const opened = httpRequest(new URL(url ?? '/', replica), {
      method,
      agent: this.agent,
      headers: { ...endToEnd(headers), host: new URL(replica).host, 'x-request-id': requestId },
    });
    // Errors after the head of the answer show on the answer.
    return opened.on('error', () => undefined);
  }
}

export interface Relayed {
  readonly requestId: string;
  /** Breaks the answer off. */
  readonly cutOff: AbortSignal;
}

/**
 * Half an answer must not look like a whole one: when the replica dies in the middle, or the time to drain is over, a
 * stream of events ends with an error, and the connection of any other answer is ended.
 */
export async function relay(
  answer: IncomingMessage,
  response: ServerResponse,
  { requestId, cutOff }: Relayed,
): Promise<void> {
  response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
  const events = isEventStream(answer) ? new EventTail() : undefined;
  answer.on('data', (chunk: Buffer) => events?.note(chunk));
  try {
    await pipeline(answer, response, { end: false, signal: cutOff });
    response.end();
  } catch {
    answer.destroy();
    if (!events?.isBetweenEvents || response.destroyed) return void response.destroy();
    const reason: unknown = cutOff.aborted ? cutOff.reason : new MillraceError('dependency_unavailable');
    response.end(errorFrame(reason, requestId));
  }
}

const isEventStream = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/event-stream') === true;

/** What has passed of a stream of events. */
class EventTail {
  private last = '\n\n';

  /** The last event is whole, and so is the ping that may follow it. */
  get isBetweenEvents(): boolean {
    return /(?:\n\n|: ping\n)$/.test(this.last);
  }

  note(chunk: Buffer): void {
    this.last = (this.last + chunk.subarray(-tailLength).toString('latin1')).slice(-tailLength);
  }
}

const tailLength = ': ping\n'.length;

function endToEnd<H extends IncomingMessage['headers']>(headers: H): H {
  const named = String(headers.connection ?? '').toLowerCase();
  const listed = new Set(named.split(',').map((name) => name.trim()));
  const kept = Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !listed.has(name));
  return Object.fromEntries(kept) as H;
}

/** The head of the answer. Nothing of the body is read before there is a connection. */
async function answerTo(attempt: ClientRequest, body: ReplayableBody): Promise<IncomingMessage> {
  const answered = once(attempt, 'response') as Promise<[IncomingMessage]>;
  answered.catch(() => undefined);
  await connected(attempt);
  const sent = pipeline(body.chunks(), attempt);
  // A replica may answer, for instance refuse, before it has read the whole body.
  sent.catch(() => undefined);
  const [answer] = await Promise.race([answered, sent.then(() => answered)]);
  return answer;
}

async function connected(attempt: ClientRequest): Promise<void> {
  const signal = AbortSignal.timeout(connectMs);
  attempt.flushHeaders();
  const socket = attempt.socket ?? ((await once(attempt, 'socket', { signal })) as [NodeJS.Socket])[0];
  if ('connecting' in socket && socket.connecting) await once(attempt.socket!, 'connect', { signal });
}

/** Nothing was begun: there was no connection, or a kept one was closed as it was used. */
function mayRepeat(error: unknown, attempt: ClientRequest, body: ReplayableBody): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (unreached.has(code)) return true;
  return attempt.reusedSocket && broken.has(code) && body.replayable;
}

const unreached = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'AbortError',
]);
const broken = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);
