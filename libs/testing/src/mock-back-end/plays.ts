import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** What a back end does with one request. */
export type Play = (response: ServerResponse, request: IncomingMessage, body: string) => unknown;

/** A play for each request. */
export const playOf =
  (choose: (path: string, body: string) => Play): Play =>
  (response, request, body) =>
    choose(request.url ?? '', body)(response, request, body);

/** One thing that a stream does: bytes are written; anything else is done, and the next step waits for it. */
export type Step = string | Uint8Array | ((response: ServerResponse) => unknown);

/** An event stream that takes these steps in turn and, unless one of them ends it otherwise, ends as streams should. */
export const stream =
  (...steps: readonly Step[]): Play =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const step of steps) {
      if (response.destroyed) return;
      await (typeof step === 'function' ? step(response) : write(response, step));
    }
    response.end();
  };

/** Resolves once the bytes are handed to the network: a reader gets those of two writes apart, or may. */
const write = (response: ServerResponse, bytes: Uint8Array | string): Promise<void> =>
  new Promise((resolve) => response.write(bytes, () => resolve()));

export const pause = (ms: number) => (): Promise<void> => wait(ms);

/** Nothing more comes, and nothing ends, until the reader goes. */
export const silence = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => response.once('close', resolve));

/** The same events again and again, until the reader goes. */
export const forever =
  (everyMs: number, bytes: string) =>
  async (response: ServerResponse): Promise<void> => {
    for (; !response.destroyed; await wait(everyMs)) response.write(bytes);
  };

/** The connection closes without the end that HTTP has for an answer. */
export const cut = (response: ServerResponse): unknown => response.destroy();

/** When what was written has arrived, even where each acknowledgement is delayed: a reset takes back what has not. */
export async function reset({ socket }: ServerResponse): Promise<void> {
  await wait(500);
  socket?.resetAndDestroy();
}

export const answerWith =
  (status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}): Play =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

/** These bytes in place of an answer, and then the end of the connection. */
export const raw =
  (bytes: string): Play =>
  ({ socket }) =>
    socket?.end(bytes);
