import type {
  deadLetterRecord,
  DocumentInput,
  DocumentState,
  DocumentStatus,
  ErasureReceipt,
  SearchResult,
} from '@millrace/contracts';
import type { z } from 'zod';

export interface Accepted {
  readonly id: string;
  readonly version: number;
  readonly state: DocumentState;
}

export type Letter = z.infer<typeof deadLetterRecord>;

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** The HTTP interface as a test speaks it: thin, typed, and never hiding a status. */
export class Client {
  constructor(
    readonly url: string,
    private readonly key?: string,
  ) {}

  async request<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await this.open(method, path, body, headers);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) as T };
  }

  /** The same for answers that come in pieces. */
  open(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Response> {
    return fetch(this.url + path, {
      method,
      ...(signal && { signal }),
      headers: {
        ...(body !== undefined &&
          !(body instanceof FormData || body instanceof Blob) && { 'content-type': 'application/json' }),
        ...(this.key && { authorization: `Bearer ${this.key}` }),
        ...headers,
      },
      ...(body !== undefined && {
        body:
          typeof body === 'string' || body instanceof FormData || body instanceof Blob
            ? body
            : JSON.stringify(body),
      }),
    });
  }

  put(id: string, document: Omit<DocumentInput, 'id'>): Promise<Answer<Accepted>> {
    return this.request('PUT', `/v1/documents/${encodeURIComponent(id)}`, document);
  }

  /** A file as a browser would send it. */
  upload(
    id: string,
    filename: string,
    bytes: Uint8Array,
    mediaType = 'application/octet-stream',
  ): Promise<Answer<Accepted>> {
    const form = new FormData();
    form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mediaType }), filename);
    return this.request('PUT', `/v1/documents/${encodeURIComponent(id)}`, form);
  }

  delete(id: string): Promise<Answer<Accepted>> {
    return this.request('DELETE', `/v1/documents/${encodeURIComponent(id)}`);
  }

  status(id: string): Promise<Answer<DocumentStatus>> {
    return this.request('GET', `/v1/documents/${encodeURIComponent(id)}`);
  }

  /** Waits on the server for a state; the last status either way. */
  async waitFor(id: string, state: DocumentState, seconds = 30): Promise<DocumentStatus> {
    const path = `/v1/documents/${encodeURIComponent(id)}?wait=${state}&timeout=${seconds}`;
    return (await this.request<DocumentStatus>('GET', path)).body;
  }

  async receipt(id: string): Promise<ErasureReceipt> {
    return (await this.request<ErasureReceipt>('GET', `/v1/documents/${encodeURIComponent(id)}/receipt`))
      .body;
  }

  async search(query: string, options: Record<string, unknown> = {}): Promise<SearchResult[]> {
    const { status, body } = await this.request<{ results: SearchResult[] }>('POST', '/v1/search', {
      query,
      ...options,
    });
    if (status !== 200) throw new Error(`search answered ${status}: ${JSON.stringify(body)}`);
    return body.results;
  }

  /** Everything the tenant has, over all pages. */
  list(): Promise<DocumentStatus[]> {
    return this.all('/v1/documents');
  }

  /** What was given up, over all pages. */
  deadLetters(): Promise<Letter[]> {
    return this.all('/v1/admin/dead-letters');
  }

  private async all<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    for (let cursor: string | undefined; ;) {
      const page = `${path}?limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
      const { body } = await this.request<{ data: T[]; next_cursor?: string }>('GET', page);
      found.push(...body.data);
      cursor = body.next_cursor;
      if (!cursor) return found;
    }
  }
}

const parse = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
};
