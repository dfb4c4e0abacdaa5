import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { DocumentInput, DocumentStatus, SearchRequest, SearchResponse } from '@millrace/contracts';

/** Requests in flight while documents are pushed. */
const pushers = 16;

interface Answer {
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly body: string;
}

/**
 * Speaks HTTP to a server as any client would. What it takes itself is taken from the machine that it measures, and
 * `fetch` takes twice as much.
 */
export class Client {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
    private readonly key?: string,
  ) {}

  async put(id: string, document: DocumentInput): Promise<void> {
    for (;;) {
      const answer = await this.send('PUT', `/v1/documents/${encodeURIComponent(id)}`, document);
      if (isOk(answer)) return;
      if (answer.status !== 429) throw new Error(`PUT ${id}: ${answer.status} ${answer.body}`);
      await delay((answer.retryAfter ?? 1) * 1000);
    }
  }

  /** Pushes all, a few at a time, and resolves when the last was accepted. */
  async putAll(documents: Iterable<readonly [id: string, document: DocumentInput]>): Promise<void> {
    const waiting = documents[Symbol.iterator]();
    const pusher = async () => {
      for (let next = waiting.next(); !next.done; next = waiting.next()) await this.put(...next.value);
    };
    await Promise.all(Array.from({ length: pushers }, pusher));
  }

  /** Documents by state. */
  async states(): Promise<Readonly<Record<string, number>>> {
    const { documents } = await this.json<{ documents: Record<string, number> }>('GET', '/v1/admin/queues');
    return documents;
  }

  /** Waits until every document has reached a final state; asks seldom while many have not, for an answer costs time. */
  async settled(): Promise<Readonly<Record<string, number>>> {
    for (;;) {
      const states = await this.states();
      const all = Object.values(states).reduce((sum, count) => sum + count, 0);
      const done = ['indexed', 'deleted', 'dead-lettered'].reduce(
        (sum, state) => sum + (states[state] ?? 0),
        0,
      );
      if (done === all) return states;
      await delay(Math.min(1000, 50 + 10 * (all - done)));
    }
  }

  indexed(id: string): Promise<DocumentStatus> {
    return this.json('GET', `/v1/documents/${encodeURIComponent(id)}?wait=indexed&timeout=60`);
  }

  search(request: Partial<SearchRequest> & { readonly query: string }): Promise<SearchResponse> {
    return this.json('POST', '/v1/search', request);
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.send(method, path, body);
    if (!isOk(answer)) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as T;
  }

  /** Again for as long as the state of things does not allow it (409). Resolves with how often that was. */
  async insist(method: string, path: string, body: unknown): Promise<number> {
    for (let refusals = 0; ; refusals++) {
      const answer = await this.send(method, path, body);
      if (isOk(answer)) return refusals;
      if (answer.status !== 409) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
      await delay((answer.retryAfter ?? 1) * 1000);
    }
  }

  async transcribe(recording: Uint8Array<ArrayBuffer>): Promise<void> {
    const form = new FormData();
    form.set('file', new Blob([recording]), 'recording');
    const url = `${this.url}/v1/audio/transcriptions`;
    const response = await fetch(url, { method: 'POST', body: form, signal: this.signal });
    if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  }

  /** The extracted text, that the offsets of citations count in. */
  async content(id: string): Promise<string> {
    const path = `/v1/documents/${encodeURIComponent(id)}/content`;
    return (await this.json<{ text: string }>('GET', path)).text;
  }

  private send(method: string, path: string, content?: unknown): Promise<Answer> {
    const options = {
      method,
      agent: this.agent,
      signal: this.signal,
      headers: {
        ...(this.key !== undefined && { authorization: `Bearer ${this.key}` }),
        ...(content !== undefined && { 'content-type': 'application/json' }),
      },
    };
    return new Promise((resolve, reject) => {
      request(`${this.url}${path}`, options, (response) => {
        const { statusCode: status = 0, headers } = response;
        const wait = headers['retry-after'];
        const retryAfter = wait === undefined ? undefined : Number(wait);
        text(response).then((body) => resolve({ status, retryAfter, body }), reject);
      })
        .on('error', reject)
        .end(content === undefined ? undefined : JSON.stringify(content));
    });
  }
}

const isOk = ({ status }: Answer): boolean => status >= 200 && status < 300;

export const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
