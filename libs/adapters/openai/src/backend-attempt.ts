import { MillraceError } from '@millrace/contracts';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { BackendClient, BackendRequest } from './backend-client.ts';
import { isRefusal, messageIn, refusalFailure, statusFailure, unstreamedFailure } from './backend-failure.ts';
import { Patience } from './patience.ts';

/** Of an error answer or a list, more than so many characters are not read. */
const maxBodyChars = 262_144;
/** How long a finished stream may take to close, so that its connection can be used again. */
const lingerMs = 1_000;

/** One request to a back end: what stops it, what it failed of, and that nothing of it is left behind. */
export class BackendAttempt {
  private request: ClientRequest | undefined;
  private response: IncomingMessage | undefined;
  /** Why we stopped it ourselves; otherwise the connection's own error counts. */
  private stopped: MillraceError | undefined;
  private completed = false;
  private readonly onAbort = () =>
    this.stop(
      this.signal.reason instanceof MillraceError ? this.signal.reason : new MillraceError('cancelled'),
    );

  constructor(
    private readonly client: BackendClient,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.onAbort, { once: true });
    if (signal.aborted) this.onAbort();
  }

  /** The head of a stream, or the error it stands for. `patience` goes on counting until the first frame. */
  async postForStream(path: string, body: string, patience: Patience): Promise<IncomingMessage> {
    const response = await patience.during(
      this.send({ method: 'POST', path, accept: 'text/event-stream', body }),
    );
    if (response.statusCode === 200 && /^text\/event-stream\b/i.test(response.headers['content-type'] ?? ''))
      return response.setEncoding('utf8');
    const text = await patience.during(readText(response, maxBodyChars));
    throw this.refusal(response, text) ?? this.unfit(response, text);
  }

  /** What it answers within the time, undefined where that is no JSON, or the error that it stands for. */
  async postForJson(path: string, body: string, timeoutMs: number): Promise<unknown> {
    const request = { method: 'POST', path, accept: 'application/json', body } as const;
    // Some repeat in the answer what they were asked, and JSON may write a character as six.
    const { response, text } = await this.whole(request, timeoutMs, maxBodyChars + 6 * body.length);
    if (response.statusCode !== 200) throw this.refusal(response, text) ?? this.unfit(response, text);
    this.complete();
    return parseJson(text);
  }

  async getJson(path: string, timeoutMs: number): Promise<unknown> {
    const request = { method: 'GET', path, accept: 'application/json' } as const;
    const { response, text } = await this.whole(request, timeoutMs, maxBodyChars);
    if (response.statusCode !== 200) throw this.unfit(response, text);
    this.complete();
    return parseJson(text);
  }

  private async whole(request: BackendRequest, timeoutMs: number, maxChars: number) {
    const patience = this.patience(timeoutMs);
    const response = await patience.during(this.send(request));
    return { response, text: await patience.during(readText(response, maxChars)) };
  }

  patience(limitMs: number): Patience {
    return new Patience(limitMs, (ms) =>
      this.stop(new MillraceError(this.client.kind.unavailable, { detail: `nothing came for ${ms} ms` })),
    );
  }

  stop(reason: MillraceError): void {
    this.stopped ??= reason;
    this.response?.destroy(this.stopped);
    this.request?.destroy();
  }

  /** Whatever was thrown, as the error the caller sees: our own reason to stop comes before its consequences. */
  failure(thrown: unknown): MillraceError {
    if (this.stopped) return this.stopped;
    if (thrown instanceof MillraceError) return thrown;
    const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
    const { kind } = this.client;
    return this.response
      ? new MillraceError(kind.error, { detail: `the connection broke: ${code}`, cause: thrown })
      : new MillraceError(kind.unavailable, { detail: code, cause: thrown });
  }

  /** The answer was read to its end: the connection may be kept. */
  complete(): void {
    this.completed = true;
  }

  close(): void {
    this.signal.removeEventListener('abort', this.onAbort);
    if (!this.completed || !this.response) return this.stop(new MillraceError('cancelled'));
    const { request, response } = this;
    const timer = setTimeout(() => request?.destroy(), lingerMs).unref();
    response.once('close', () => clearTimeout(timer)).resume();
  }

  /** Repeats once when a kept connection turns out to have been closed by the other side meanwhile. */
  private async send(request: BackendRequest): Promise<IncomingMessage> {
    try {
      return await this.receiveHead(() => this.client.open(request));
    } catch (error) {
      const stale = this.request?.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      if (this.stopped || !stale) throw error;
      return this.receiveHead(() => this.client.open(request, { kept: false }));
    }
  }

  private receiveHead(open: () => ClientRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      if (this.stopped) return reject(this.stopped);
      // The listeners stay: a connection may still fail after its answer was read.
      this.request = open()
        .on('error', reject)
        .on('response', (response) => {
          this.response = response.on('error', () => undefined);
          resolve(response);
        });
    });
  }

  private refusal({ statusCode }: IncomingMessage, text: string): MillraceError | undefined {
    return isRefusal(statusCode)
      ? refusalFailure(this.client.kind, statusCode, this.messageIn(text))
      : undefined;
  }

  private unfit({ statusCode = 0, headers }: IncomingMessage, text: string): MillraceError {
    const { kind } = this.client;
    const message = this.messageIn(text);
    if (statusCode === 200) return unstreamedFailure(kind, headers['content-type'], message);
    return statusFailure(kind, statusCode, headers, message);
  }

  private messageIn(text: string): string {
    return this.client.hideKey(messageIn(parseJson(text) ?? text));
  }
}

async function readText(response: IncomingMessage, maxChars: number): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > maxChars) break;
  }
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
