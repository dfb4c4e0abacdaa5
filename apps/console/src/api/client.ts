import type { RouteSpec, routes } from '@millrace/contracts';
import type { z } from 'zod';
import { authorization } from './access-key.ts';
import { Problem, problemOf, unreachable } from './problem.ts';

type Routes = typeof routes;

/** The routes that the console calls. Method and path are checked against the contracts; nothing of them is bundled. */
const used = {
  search: ['POST', '/v1/search'],
  chatCompletions: ['POST', '/v1/chat/completions'],
  putDocument: ['PUT', '/v1/documents/:id'],
  postDocument: ['POST', '/v1/documents'],
  getDocument: ['GET', '/v1/documents/:id'],
  listDocuments: ['GET', '/v1/documents'],
  deleteDocument: ['DELETE', '/v1/documents/:id'],
  getReceipt: ['GET', '/v1/documents/:id/receipt'],
  getContent: ['GET', '/v1/documents/:id/content'],
} as const satisfies { [N in keyof Routes]?: [Routes[N]['method'], Routes[N]['path']] };

export type RouteName = keyof typeof used;
export type Answer<N extends RouteName> = z.output<Routes[N]['response']>;

type InputOf<R extends RouteSpec, K extends 'query' | 'body'> =
  R extends Record<K, infer S extends z.ZodType> ? z.input<S> : never;

export interface Input<N extends RouteName> {
  /** The document in the path. */
  readonly id?: string;
  readonly query?: InputOf<Routes[N], 'query'>;
  readonly body?: InputOf<Routes[N], 'body'>;
  readonly signal?: AbortSignal;
}

/** Method and URL of a request. */
export function target(name: RouteName, id?: string, query: object = {}): { method: string; url: string } {
  const [method, path] = used[name];
  const fields = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  const search = new URLSearchParams(fields).toString();
  return { method, url: path.replace(':id', encodeURIComponent(id ?? '')) + (search && `?${search}`) };
}

/** Throws a Problem in the words of the server. An abort passes through. */
export async function call<N extends RouteName>(name: N, input: Input<N> = {}): Promise<Answer<N>> {
  const response = await send(name, input);
  return (await response.json().catch(() => {
    throw unreachable();
  })) as Answer<N>;
}

/** The response itself, its head checked. */
export async function send<N extends RouteName>(
  name: N,
  { id, query, body, signal }: Input<N>,
): Promise<Response> {
  const { method, url } = target(name, id, query);
  const key = authorization();
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted ? error : unreachable();
  });
  if (response.ok) return response;
  throw problemOf(await response.json().catch(() => undefined), response.status, 'authorization' in key);
}

export const isProblem = (error: unknown, code: string): boolean =>
  error instanceof Problem && error.code === code;
