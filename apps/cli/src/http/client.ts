import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteSpec } from '@millrace/contracts';
import type { z } from 'zod';
import { CliError } from '../errors.ts';
import { Absence } from './absence.ts';
import { readFrames } from './event-stream.ts';
import { apiError, connectionError } from './problems.ts';
import { readRetryAfter, retryWait } from './retry.ts';

type InputOf<S> = S extends z.ZodType ? z.input<S> : never;
type AnswerOf<R extends RouteSpec> = z.output<R['response']>;
type FrameOf<R extends RouteSpec> = R extends { frame: infer F extends z.ZodType } ? z.output<F> : never;

export interface CallInput<R extends RouteSpec> {
  readonly params?: R extends { params: infer P } ? InputOf<P> : never;
  readonly query?: R extends { query: infer Q } ? InputOf<Q> : never;
  readonly body?: R extends { body: infer B } ? InputOf<B> : never;
  /** Made anew for each attempt. */
  readonly form?: () => Promise<FormData>;
  /** How long refusals (429, 503) are answered by trying again; milliseconds, default 30,000. */
  readonly patienceMs?: number;
}

export interface ClientOptions {
  readonly url: string;
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  /** Told, in a sentence, that the server is waited for and that it is back. */
  readonly onAbsence?: (text: string) => void;
}

const defaultPatienceMs = 30_000;

/** The HTTP interface by its table of routes: types, paths and methods come from there. */
export class MillraceClient {
  readonly url: string;
  private readonly signal: AbortSignal;
  /** A server that answered once is waited for when it goes away; one that never did is reported at once. */
  private reached = false;
  private readonly absence: Absence;

  constructor(private readonly options: ClientOptions) {
    this.url = checkedUrl(options.url);
    checkKey(options.key ?? '');
    this.signal = options.signal;
    this.absence = new Absence(this.url, options.onAbsence ?? (() => undefined));
  }

  async call<R extends RouteSpec>(route: R, input: CallInput<R> = {}): Promise<AnswerOf<R>> {
    const text = await this.text(route, input);
    // 204
    if (text === '') return null as AnswerOf<R>;
    const body = parseJson(text);
    if (body === undefined) throw new CliError(`What answers at ${this.url} is not Millrace. Check --url.`);
    return body as AnswerOf<R>;
  }

  /** The answer as it came, for routes that answer in other formats than JSON. */
  async text<R extends RouteSpec>(route: R, input: CallInput<R> = {}): Promise<string> {
    const response = await this.send(route, input);
    return this.guard(() => response.text());
  }

  /** The frames of a streamed answer. A stream that ends without its last frame throws. */
  async *frames<R extends RouteSpec>(route: R, input: CallInput<R>): AsyncGenerator<FrameOf<R>> {
    const response = await this.send(route, input);
    try {
      yield* readFrames(response) as AsyncGenerator<FrameOf<R>>;
    } catch (thrown) {
      throw connectionError(thrown, this.url);
    }
  }

  private async send<R extends RouteSpec>(route: R, input: CallInput<R>): Promise<Response> {
    const deadline = Date.now() + (input.patienceMs ?? defaultPatienceMs);
    for (let attempt = 1; ; attempt++)
      try {
        return await this.attempt(route, input);
      } catch (error) {
        const wait = retryWait(error, attempt, this.reached && route.method !== 'POST');
        if (wait === undefined || Date.now() + wait > deadline) throw error;
        this.absence.missed(error);
        await sleep(wait, undefined, { signal: this.signal });
      }
  }

  private async attempt<R extends RouteSpec>(route: R, input: CallInput<R>): Promise<Response> {
    const form = await input.form?.();
    const response = await this.guard(() =>
      fetch(this.url + pathOf(route, input), {
        method: route.method,
        headers: this.headers(input),
        signal: this.signal,
        ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
        ...(form && { body: form }),
      }),
    );
    this.reached = true;
    if (response.ok) {
      this.absence.met();
      return response;
    }
    const text = await this.guard(() => response.text());
    throw apiError(response.status, parseJson(text), readRetryAfter(response.headers.get('retry-after')));
  }

  private headers({ body }: { readonly body?: unknown }): Record<string, string> {
    return {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(this.options.key && { authorization: `Bearer ${this.options.key}` }),
    };
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw connectionError(thrown, this.url);
    }
  }
}

function checkedUrl(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new CliError(`${url} is not the URL of a server. It looks like http://127.0.0.1:8080.`);
  return url.replace(/\/+$/, '');
}

/** A dash of a word processor or an invisible space comes in with a paste, and no header can carry it. */
function checkKey(key: string): void {
  const [odd] = /[^ -~¡-¬®-ÿ]/u.exec(key) ?? [];
  if (odd === undefined) return;
  const codePoint = odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw new CliError(
    `The key has a character in it that keys never have: U+${codePoint}. Copy it once more from where it was made.`,
  );
}

/** `/v1/documents/:id` and `{ id: 'a/b' }` -> `/v1/documents/a%2Fb`, with the query behind it. */
export function pathOf(
  route: RouteSpec,
  { params = {}, query = {} }: { readonly params?: object; readonly query?: object },
): string {
  const values = params as Readonly<Record<string, string>>;
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();
  return search ? `${path}?${search}` : path;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
