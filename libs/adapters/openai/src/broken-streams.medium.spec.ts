import { once } from 'node:events';
import { createServer } from 'node:net';
import { type MillraceError, type ErrorCode } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { delta, done, event, finish, streamHead, usage, type Play } from './fault-wall.ts';
import { AtTheWall, secret, stream } from './testing/at-the-wall.ts';

const at = new AtTheWall();

describe('a stream that breaks never ends cleanly', () => {
  const cases: [string, Play, ErrorCode, RegExp, RegExp?][] = [
    ['ends after a delta', stream(delta('half an')), 'backend_error', /before the answer was complete/],
    ['ends without any event', stream(), 'backend_error', /before the answer was complete/],
    ['says [DONE] and nothing else', stream(done), 'backend_error', /before the answer was complete/],
    [
      'says [DONE] after a delta',
      stream(delta('half an'), done),
      'backend_error',
      /before the answer was complete/,
    ],
    [
      'has an empty finish reason before it is cut',
      stream(event({ choices: [{ index: 0, delta: { content: 'half' }, finish_reason: '' }] })),
      'backend_error',
      /before the answer was complete/,
    ],
    [
      'ends for a reason that nobody knows',
      stream(delta('half an'), finish('abort'), usage, done),
      'backend_error',
      /for the reason "abort"/,
    ],
    [
      'is reset in the middle',
      (response) => {
        streamHead(response).write(delta('half an'), () => response.destroy());
      },
      'backend_error',
      /connection broke/,
    ],
    ['has garbage for JSON', stream(delta('a'), event('{"choices": [')), 'backend_error', /not JSON/],
    ['has JSON of another shape', stream(event('[1]'), event('"x"')), 'backend_error', /no known shape/],
    [
      'has an error in its second event',
      stream(delta('a'), event({ error: { message: `overloaded, key ${secret}`, code: 500 } })),
      'backend_error',
      /its stream reports an error/,
      /overloaded, key \*\*\*/,
    ],
    [
      'has an error in vLLM’s shape',
      stream(event({ object: 'error', message: 'overloaded', code: 500 })),
      'backend_error',
      /its stream reports an error/,
      /overloaded/,
    ],
    [
      'is refused in its first event',
      stream(event({ error: { message: 'too long', code: 400 } })),
      'backend_refused',
      /too long/,
    ],
    [
      'is refused in vLLM’s shape',
      stream(event({ object: 'error', message: 'too long', code: 400 })),
      'backend_refused',
      /too long/,
    ],
    [
      'has an endless line',
      (response) => {
        streamHead(response);
        const fill = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          response.once('drain', fill);
        };
        response.write('data: ');
        fill();
      },
      'backend_error',
      /too long/,
    ],
    [
      'is a page and not a stream',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>log in</p>'),
      'backend_error',
      /did not stream.*text\/html/,
    ],
  ];
  it.each(cases)('%s', async (_name, play, code, message, logged) => {
    at.wall.next(play);
    const { error, parts } = await at.collect();
    expectLogged(error, logged);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain(secret);
    expect(parts.map(({ type }) => type)).not.toContain('end');
  });
});

/** What the back end said and callers are not told. */
function expectLogged(error: MillraceError | undefined, logged: RegExp | undefined): void {
  if (!logged) return;
  expect(error!.message).not.toMatch(logged);
  expect((error!.cause as Error).message).toMatch(logged);
}

describe('a refusal', () => {
  const refuse =
    (status: number, body: string, headers: Record<string, string> = {}): Play =>
    (response) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  /** Seconds after which to come again, and what the log alone has. */
  const cases: [string, Play, ErrorCode, RegExp, (number | undefined)?, RegExp?][] = [
    [
      '429 with seconds',
      refuse(429, '{"error":{"message":"slow down"}}', { 'retry-after': '7' }),
      'queue_full',
      /429\)/,
      7,
      /slow down/,
    ],
    [
      '429 with a date',
      refuse(429, '', { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }),
      'queue_full',
      /429/,
      30,
    ],
    [
      '400 says why',
      refuse(400, `{"error":{"message":"context too long, ${secret}"}}`),
      'backend_refused',
      /400: context too long, \*\*\*/,
    ],
    ['413', refuse(413, ''), 'backend_refused', /413/],
    ['422 with a long page', refuse(422, 'x'.repeat(400_000)), 'backend_refused', /422: x{300}…/],
    [
      '401 hides the key',
      refuse(401, `{"error":"bad key ${secret}"}`),
      'backend_error',
      /401: the operator should check MILLRACE_LLM_API_KEY/,
      undefined,
      /bad key \*\*\*/,
    ],
    ['403', refuse(403, 'org-7 has no credit'), 'backend_error', /403: the operator/, undefined, /org-7/],
    [
      '404 in text',
      refuse(404, 'no such\nfile'),
      'backend_refused',
      /answers 404/,
      undefined,
      /no such file/,
    ],
    [
      ...(['503', refuse(503, '{"detail":"loading"}', { 'retry-after': '2' })] as const),
      ...(['backend_unavailable', /answers 503/, 2, /loading/] as const),
    ],
    [
      ...(['500 with a long page', refuse(500, 'x'.repeat(400_000))] as const),
      ...(['backend_error', /answers 500/, undefined, /says: x{300}…/] as const),
    ],
    ['a redirect', refuse(302, '', { location: 'http://127.0.0.1:1/' }), 'backend_error', /302/],
  ];
  it.each(cases)('%s', async (_name, play, code, message, retryAfter, logged) => {
    at.wall.next(play);
    const { error } = await at.collect();
    expectLogged(error, logged);
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain(secret);
    // A date comes nearer while the tests before this one run.
    if (retryAfter !== undefined) {
      expect(error!.retryAfter!).toBeLessThanOrEqual(retryAfter + 1);
      expect(error!.retryAfter!).toBeGreaterThan(Math.max(0, retryAfter - 25));
    }
  });

  it('is backend_unavailable when nobody listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    at.generator = at.connect({ baseUrl: `http://127.0.0.1:${port}/v1` });
    expect((await at.collect()).error).toMatchObject({ code: 'backend_unavailable', detail: 'ECONNREFUSED' });
    expect(await at.generator.healthy()).toBe(false);
  });
});
