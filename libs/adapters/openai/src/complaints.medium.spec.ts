import { once } from 'node:events';
import { createServer } from 'node:net';
import type { ErrorCode, MillraceError } from '@millrace/contracts';
import { answerWith, delta, event, stream, type Play } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { AtMockBackEnd, secret } from './testing/at-mock-back-end.ts';

const at = new AtMockBackEnd();

describe('an error in the stream', () => {
  const overloaded = { message: `overloaded, key ${secret}`, code: 500 };
  const tooLong = { message: 'too long', code: 400 };
  it.each<[string, string, ErrorCode, RegExp, RegExp?]>([
    [
      'in OpenAI’s shape',
      event({ error: overloaded }),
      'backend_error',
      /reports an error/,
      /overloaded, key \*{3}$/,
    ],
    [
      'in vLLM’s shape',
      event({ object: 'error', ...overloaded }),
      'backend_error',
      /reports an error/,
      /overloaded/,
    ],
    ['a refusal in OpenAI’s shape', event({ error: tooLong }), 'backend_refused', /too long/],
    ['a refusal in vLLM’s shape', event({ object: 'error', ...tooLong }), 'backend_refused', /too long/],
  ])('%s', async (_name, said, code, message, logged) => {
    at.backEnd.next(stream(delta('a'), said));
    expectComplaint((await at.collect()).error, code, message, logged);
  });
});

it('what is answered in place of a stream is in the log', async () => {
  at.backEnd.next(answerWith(200, { error: { message: `no credit, ${secret}` } }));
  expectComplaint((await at.collect()).error, 'backend_error', /did not stream/, /no credit, \*{3}$/);
});

/** @param logged what the back end said and callers are not told */
function expectComplaint(
  error: MillraceError | undefined,
  code: ErrorCode,
  message: RegExp,
  logged: RegExp | undefined,
): void {
  expect(error?.code).toBe(code);
  expect(error?.message).toMatch(message);
  expect(error?.message).not.toContain(secret);
  if (!logged) return;
  expect(error!.message).not.toMatch(logged);
  expect((error!.cause as Error).message).toMatch(logged);
}

describe('a refusal', () => {
  /** Seconds after which to come again, and what the log alone has. */
  const cases: [string, Play, ErrorCode, RegExp, (number | undefined)?, RegExp?][] = [
    [
      '429 with seconds',
      answerWith(429, '{"error":{"message":"slow down"}}', { 'retry-after': '7' }),
      'queue_full',
      /429\)/,
      7,
      /slow down/,
    ],
    [
      '429 with a date',
      answerWith(429, '', { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }),
      'queue_full',
      /429/,
      30,
    ],
    [
      '400 says why',
      answerWith(400, `{"error":{"message":"context too long, ${secret}"}}`),
      'backend_refused',
      /400: context too long, \*\*\*/,
    ],
    ['413', answerWith(413, ''), 'backend_refused', /413/],
    ['422 with a long page', answerWith(422, 'x'.repeat(400_000)), 'backend_refused', /422: x{300}…/],
    [
      '401 hides the key',
      answerWith(401, `{"error":"bad key ${secret}"}`),
      'backend_error',
      /401: the operator should check MILLRACE_LLM_API_KEY/,
      undefined,
      /bad key \*\*\*/,
    ],
    ['403', answerWith(403, 'org-7 has no credit'), 'backend_error', /403: the operator/, undefined, /org-7/],
    [
      '404 in text',
      answerWith(404, 'no such\nfile'),
      'backend_refused',
      /answers 404/,
      undefined,
      /no such file/,
    ],
    [
      ...(['503', answerWith(503, '{"detail":"loading"}', { 'retry-after': '2' })] as const),
      ...(['backend_unavailable', /answers 503/, 2, /loading/] as const),
    ],
    [
      ...(['500 with a long page', answerWith(500, 'x'.repeat(400_000))] as const),
      ...(['backend_error', /answers 500/, undefined, /says: x{300}…/] as const),
    ],
    ['a redirect', answerWith(302, '', { location: 'http://127.0.0.1:1/' }), 'backend_error', /302/],
  ];
  it.each(cases)('%s', async (_name, play, code, message, retryAfter, logged) => {
    at.backEnd.next(play);
    const { error } = await at.collect();
    expectComplaint(error, code, message, logged);
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
