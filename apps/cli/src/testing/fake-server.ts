import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A server on a free port that answers `METHOD /path` as a test says, and remembers what it was asked. */
export class FakeServer {
  /** `METHOD /path`, query included, in the order of arrival. */
  readonly asked: string[] = [];
  readonly bodies: string[] = [];
  private readonly handlers = new Map<string, Handler>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeServer> {
    const server = createServer();
    const fake = new FakeServer(server);
    server.on('request', (request, response) => void fake.answer(request, response).catch(unlessGone));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** @param path the beginning of the paths it answers */
  on(method: string, path: string, handler: Handler): this {
    this.handlers.set(`${method} ${path}`, handler);
    return this;
  }

  reset(): void {
    this.handlers.clear();
    this.asked.length = 0;
    this.bodies.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`;
    let body = '';
    for await (const data of request) body += String(data);
    this.asked.push(line);
    this.bodies.push(body);
    const [, handler] = [...this.handlers].find(([start]) => line.startsWith(start)) ?? [];
    if (handler) handler(request, response, body);
    else refuse(response, 404, 'route_not_found');
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  const error = { code, message: `It is ${code}.`, type: 'x', param: null, request_id: 'r' };
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ error }));
}

/** A caller who goes away in the middle of what it sends is what some tests are about. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ECONNRESET') throw error;
}
