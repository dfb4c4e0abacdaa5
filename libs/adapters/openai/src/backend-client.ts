import { Agent as HttpAgent, request as httpRequest, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { BackendKind } from './backend-kind.ts';

export interface BackendRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly accept: 'application/json' | 'text/event-stream';
  /** JSON. */
  readonly body?: string | undefined;
}

/**
 * The address, the key and the connections of one server. Node's own HTTP client and not `fetch`, whose time limits
 * (300 s to the head) cannot be raised without a package, and whose web streams cost twice the time per chunk.
 */
export class BackendClient {
  readonly host: string;
  private readonly base: string;
  private readonly agent: HttpAgent;
  private readonly send: typeof httpRequest;

  constructor(
    readonly kind: BackendKind,
    baseUrl: string,
    private readonly apiKey: string | undefined,
  ) {
    const { host, protocol, href } = new URL(baseUrl);
    const secure = protocol === 'https:';
    this.host = host;
    this.base = href.replace(/\/+$/, '');
    this.agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true });
    this.send = secure ? httpsRequest : httpRequest;
  }

  /** `kept: false` takes no connection that was used before. */
  open({ method, path, accept, body }: BackendRequest, { kept = true } = {}): ClientRequest {
    const request = this.send(this.base + path, {
      method,
      agent: kept && this.agent,
      headers: {
        accept,
        ...(this.apiKey && { authorization: `Bearer ${this.apiKey}` }),
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      },
    });
    return request.end(body);
  }

  /** Servers like to repeat the key in their complaints. */
  hideKey(message: string): string {
    return this.apiKey ? message.replaceAll(this.apiKey, '***') : message;
  }

  close(): void {
    this.agent.destroy();
  }
}
