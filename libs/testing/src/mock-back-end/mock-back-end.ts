import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Play } from './plays.ts';
import { selfSigned } from './self-signed.ts';

export interface MockRequest {
  readonly path: string;
  readonly body: string;
  readonly authorization?: string;
}

/** A back end on a loopback port whose answers are plays: what each test wants of it, on a real socket. */
export class MockBackEnd {
  readonly requests: MockRequest[] = [];
  /** Requests whose connection was closed before the answer was complete. */
  abandoned = 0;
  /** Requests whose answer is not over. */
  underWay = 0;
  private readonly server: Server;
  private readonly scheme: 'http' | 'https';

  /** @param untrusted speaks TLS, with a certificate that nobody vouches for */
  constructor(
    private play: Play,
    { untrusted = false } = {},
  ) {
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.answer(request, response);
    this.server = untrusted ? createSecureServer(selfSigned(), answer) : createServer(answer);
    this.scheme = untrusted ? 'https' : 'http';
  }

  next(play: Play): void {
    this.play = play;
  }

  /** Its address, as a setting names it. */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `${this.scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1;
    response.on('close', () => {
      this.underWay -= 1;
      if (!response.writableFinished) this.abandoned += 1;
    });
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { authorization } = request.headers;
    this.requests.push({ path: request.url ?? '', body, ...(authorization && { authorization }) });
    await this.play(response, request, body);
  }
}
