import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { MemoryRequestReply } from '@millrace/adapters/memory';
import { isErrorCode, MillraceError } from '@millrace/contracts';
import type { CallOptions, RequestReply, Served, ServeOptions } from '@millrace/ports';

const deadlineHeader = 'x-deadline';

/**
 * The port of calls by HTTP, to measure others against: one address, behind it the calls of one process. A connection
 * that breaks off cancels its call.
 */
export class HttpRequestReply implements RequestReply {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly methods = new MemoryRequestReply();
  private readonly server = createServer((incoming, answer) => void this.answer(incoming, answer));

  constructor(private readonly port: number) {}

  call(method: string, input: unknown, { deadline, signal, headers }: CallOptions): Promise<unknown> {
    const late = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const sent = request({
      ...{ port: this.port, host: '127.0.0.1', method: 'POST', path: `/${method}`, agent: this.agent },
      headers: { ...headers, [deadlineHeader]: String(deadline) },
      signal: signal ? AbortSignal.any([late, signal]) : late,
    });
    sent.on('response', (answer) => {
      const settle = (body: unknown): void =>
        answer.statusCode === 200 ? resolve(body) : reject(refusal(body));
      json(answer).then(settle, reject);
    });
    sent.on('error', (cause) => {
      const code = signal?.aborted
        ? 'cancelled'
        : late.aborted
          ? 'deadline_exceeded'
          : 'dependency_unavailable';
      reject(new MillraceError(code, { cause }));
    });
    sent.end(JSON.stringify(input));
    return promise;
  }

  async serve(method: string, options: ServeOptions): Promise<Served> {
    const served = await this.methods.serve(method, options);
    if (!this.server.listening)
      await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    return served;
  }

  async healthy(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.server.close();
    await this.methods.close();
  }

  private async answer(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const gone = new AbortController();
    answer.on('close', () => gone.abort());
    try {
      const { [deadlineHeader]: deadline, ...headers } = incoming.headers as Record<string, string>;
      const options = { deadline: Number(deadline), signal: gone.signal, headers };
      const output = await this.methods.call(incoming.url!.slice(1), await json(incoming), options);
      answer.end(JSON.stringify(output));
    } catch (error) {
      answer.writeHead(500).end(JSON.stringify({ code: MillraceError.from(error).code }));
    }
  }
}

const refusal = (body: unknown): MillraceError => {
  const { code } = body as { readonly code?: unknown };
  return new MillraceError(isErrorCode(code) ? code : 'internal');
};
