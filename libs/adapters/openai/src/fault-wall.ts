import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Play = (response: ServerResponse, request: IncomingMessage, body: string) => unknown;

/** A local back end that does what each test tells it to, on a real socket. */
export class FaultWall {
  readonly requests: { readonly path: string; readonly body: string; readonly authorization?: string }[] = [];
  /** Requests whose connection was closed before the answer was complete. */
  abandoned = 0;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  constructor(private play: Play) {}

  next(play: Play): void {
    this.play = play;
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => (this.abandoned += response.writableFinished ? 0 : 1));
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { authorization } = request.headers;
    this.requests.push({ path: request.url ?? '', body, ...(authorization && { authorization }) });
    await this.play(response, request, body);
  }
}

export const streamHead = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

export const event = (value: object | string): string =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

export const delta = (content: string, more: object = {}): string =>
  event({ model: 'mock-1', choices: [{ index: 0, delta: { content }, ...more }] });

export const finish = (reason = 'stop'): string =>
  event({ model: 'mock-1', choices: [{ index: 0, delta: {}, finish_reason: reason }] });

export const usage = event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } });

export const done = event('[DONE]');
