import { afterEach, describe, expect, it } from 'vitest';
import { documentId, MillraceError } from '@millrace/contracts';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { z } from 'zod';
import { EventStreamReply, Reply } from './reply.ts';
import { serve } from './testing/serve.ts';

let server: FastifyInstance;
afterEach(() => server.close());

async function serving(...how: Parameters<typeof serve>) {
  const served = await serve(...how);
  server = served.server;
  return served.send;
}

describe('an outage', () => {
  it.each([
    ['dependency_unavailable', 503],
    ['deadline_exceeded', 504],
    ['backend_unavailable', 502],
  ] as const)(
    'is answered %s with the time to come again, and told of once, not for every request',
    async (code, status) => {
      const lines: string[] = [];
      const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
      const away = () => Promise.reject(new MillraceError(code));
      const send = await serving(away, ['write'], {}, {}, logger);
      for (let n = 0; n < 5; n++) {
        const answer = await send();
        expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, '5']);
        expect(answer.json()).toMatchObject({ error: { code, retry_after: 5 } });
      }
      expect(lines.filter((line) => line.includes('request failed'))).toHaveLength(1);
    },
  );

  it('is no fault that nobody foresaw: of those each has its line', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const send = await serving(() => Promise.reject(new Error('a bug')), ['write'], {}, {}, logger);
    for (let n = 0; n < 3; n++) expect((await send()).headers['retry-after']).toBeUndefined();
    expect(lines.filter((line) => line.includes('request failed'))).toHaveLength(3);
  });
});

describe('a route', () => {
  it('gets validated input and answers with its status', async () => {
    const send = await serving(async ({ params, query, body, principal }) => {
      expect({ params, query, body, tenant: principal.tenant }).toEqual({
        params: { id: 'a' },
        query: { n: 7 },
        body: { name: 'x' },
        tenant: 't',
      });
      return { ok: true };
    });
    const answer = await send(undefined, '/v1/things/a?n=7');
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ ok: true });
  });

  it('decodes what is escaped in a path parameter', async () => {
    const send = await serving(async ({ params }) => ({
      ok: (params as unknown as { id: string }).id === 'a/b',
    }));
    expect((await send(undefined, '/v1/things/a%2Fb')).json()).toEqual({ ok: true });
  });

  it('names the field at fault', async () => {
    const send = await serving(async () => ({ ok: true }));
    const answer = await send({ name: 3 });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      error: { code: 'invalid_request', param: 'name', type: 'invalid_request_error' },
    });
  });

  it.each([
    [{ name: 'x' }, '/v1/things/a?m=7', 'query.m'],
    [{ name: 'x', colour: 'red' }, '/v1/things/a', 'colour'],
  ])('refuses what is not declared, by name: %j %s', async (body, url, param) => {
    const send = await serving(async () => ({ ok: true }));
    const answer = await send(body, url);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: 'invalid_request', param } });
  });

  it.each([
    [Array(4).fill('a'), 'Too big: expected array to have <=3 items'],
    [[], 'Too small: expected array to have >=1 items'],
    ['abcdefg', 'Too big: expected string to have <=5 characters'],
    [7, 'Invalid input: expected string, received number'],
  ])('names the bound of what may be one or many: %j', async (name, complaint) => {
    const many = z.array(z.string()).min(1).max(3);
    const body = z.object({ name: z.union([z.string().max(5), many, z.array(z.number()).min(1)]) });
    const send = await serving(async () => ({ ok: true }), ['write'], {}, { body });
    expect((await send({ name })).json()).toMatchObject({
      error: { param: 'name', message: expect.stringContaining(`(${complaint})`) as string },
    });
  });

  it.each(['gzip', 'br', 'x'.repeat(4000)])(
    'takes no body that is packed, or says so: %s',
    async (encoding) => {
      await serving(async () => ({ ok: true }));
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const answer = await server.inject({
        method: 'POST',
        url: '/v1/things/a',
        headers,
        payload: '{"name":"x"}',
      });
      expect(answer.statusCode).toBe(415);
      expect(answer.body).toContain(`Content-Encoding ${encoding.slice(0, 4)}`);
      expect(answer.body.length).toBeLessThan(500);
    },
  );

  it('takes no form where none is declared', async () => {
    await serving(async () => ({ ok: true }));
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await server.inject({ method: 'POST', url: '/v1/things/a', headers, payload: '--x--' });
    expect(answer.json()).toMatchObject({ error: { code: 'unsupported_media_type' } });
  });

  it('takes no query where none is declared', async () => {
    const send = await serving(async () => ({ ok: true }), ['write'], {}, { query: undefined });
    expect((await send()).statusCode).toBe(201);
    const answer = await send(undefined, '/v1/things/a?n=7');
    expect(answer.json()).toMatchObject({ error: { code: 'invalid_request', param: 'query.n' } });
  });

  it('quotes no more than a piece of what the caller sent', async () => {
    const send = await serving(async () => ({ ok: true }));
    const answer = await send({ name: 'x', ['y'.repeat(100_000)]: 1 });
    expect(answer.body.length).toBeLessThan(1000);
  });

  it.each([
    ['in the path', '../a', undefined, 'path.id'],
    ['in the body', 'a', { id: '../a' }, 'id'],
  ])('says of a bad id %s what an id is', async (_where, id, body, param) => {
    const send = await serving(
      async () => ({ ok: true }),
      ['write'],
      {},
      {
        params: z.object({ id: documentId }),
        body: z.looseObject({ id: documentId.optional() }),
      },
    );
    const answer = await send(body, `/v1/things/${encodeURIComponent(id)}`);
    expect(answer.json()).toMatchObject({ error: { code: 'invalid_id', param } });
    expect(answer.body).toMatch(/parts\."/);
  });

  it('is closed to a key without its right', async () => {
    const send = await serving(async () => ({ ok: true }), ['read']);
    const answer = await send();
    expect(answer.json()).toMatchObject({ error: { code: 'forbidden' } });
    expect(answer.body).toContain('POST /v1/things/:id needs write, the key has read');
  });

  it('tells of whom it refused, at the door or further in, and of no other failure', async () => {
    const failing = (code: 'forbidden' | 'queue_full') => () => Promise.reject(new MillraceError(code));
    const told = async (...how: Parameters<typeof serve>) => {
      const served = await serve(...how);
      await served.send();
      await served.server.close();
      return served.refused.map(({ route, principal }) => `${route.path} ${principal.name}`);
    };
    const refusal = ['/v1/things/:id user:u'];
    expect(await told(async () => ({ ok: true }), ['read'])).toEqual(refusal);
    expect(await told(failing('forbidden'))).toEqual(refusal);
    expect(await told(failing('queue_full'))).toEqual([]);
    await serving(async () => ({ ok: true }));
  });

  it('hides what went wrong inside, and says it with the request id', async () => {
    const send = await serving(() => Promise.reject(new Error('secret detail')));
    const answer = await send();
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret detail');
    expect(answer.json<{ error: { request_id: string } }>().error.request_id).toBe(
      answer.headers['x-request-id'],
    );
  });

  it('passes on when a retry makes sense', async () => {
    const send = await serving(() => Promise.reject(new MillraceError('queue_full', { retryAfter: 2.1 })));
    const answer = await send();
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '3']);
  });

  it('fails a test run when its answer does not fit the table', async () => {
    const send = await serving(async () => ({ ok: 'yes' }));
    expect((await send()).statusCode).toBe(500);
  });

  it('may answer with another status, headers and text', async () => {
    const send = await serving(
      async () => new Reply('plain', { status: 200, mediaType: 'text/plain', headers: { 'x-a': 'b' } }),
    );
    const answer = await send();
    expect([answer.statusCode, answer.headers['x-a'], answer.body]).toEqual([200, 'b', 'plain']);
  });
});

describe('an event stream', () => {
  it('is frames and a last word', async () => {
    const frames = (async function* () {
      yield { n: 1 };
      yield { n: 2 };
    })();
    const send = await serving(async () => new EventStreamReply(frames, { done: '[DONE]' }));
    const answer = await send();
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.body).toBe('data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n');
  });

  it('that breaks ends with an error and without the last word', async () => {
    const frames = (async function* () {
      yield { n: 1 };
      throw new MillraceError('backend_error');
    })();
    const send = await serving(async () => new EventStreamReply(frames, { done: '[DONE]' }));
    const { body } = await send();
    expect(body).toContain('"code":"backend_error"');
    expect(body).not.toContain('[DONE]');
  });

  it('that breaks before its first frame is an ordinary error', async () => {
    // eslint-disable-next-line require-yield -- it breaks first
    const frames = (async function* (): AsyncGenerator<object> {
      throw new MillraceError('backend_unavailable');
    })();
    const send = await serving(async () => new EventStreamReply(frames, { done: '[DONE]' }));
    const answer = await send();
    expect([answer.statusCode, answer.json<{ error: { code: string } }>().error.code]).toEqual([
      502,
      'backend_unavailable',
    ]);
  });
});

describe('a header', () => {
  it('that is set before the first frame comes with the stream', async () => {
    const send = await serving(async ({ setHeader }) => {
      const frames = (async function* () {
        await Promise.resolve();
        setHeader('x-left', '3');
        yield { n: 1 };
      })();
      return new EventStreamReply(frames);
    });
    expect((await send()).headers).toMatchObject({
      'x-left': '3',
      'x-request-id': expect.any(String) as string,
    });
  });

  it('comes with an error as well', async () => {
    const send = await serving(async ({ setHeader }) => {
      setHeader('x-left', '0');
      throw new MillraceError('quota_exhausted', { retryAfter: 7 });
    });
    const { statusCode, headers } = await send();
    expect([statusCode, headers['x-left'], headers['retry-after']]).toEqual([429, '0', '7']);
  });
});

describe('bounds', () => {
  it('refuse one request more than may be worked on, and let the next in when one is done', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const send = await serving(() => gate.then(() => ({ ok: true })), ['write'], { maxInflight: 1 });
    const first = send();
    await new Promise(setImmediate);
    const second = await send();
    expect([second.statusCode, second.headers['retry-after']]).toEqual([429, '1']);
    release();
    expect((await first).statusCode).toBe(201);
  });

  it('leave half of the requests to other tenants, whatever keys one uses', async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const send = await serving(() => gate.then(() => ({ ok: true })), ['write'], { maxInflight: 4 });
    const begun = [send(), send()];
    await new Promise(setImmediate);
    const third = await send();
    expect([
      third.statusCode,
      third.headers['retry-after'],
      third.json<{ error: { message: string } }>().error.message,
    ]).toEqual([...[429, '1'], expect.stringContaining('tenant_inflight')]);
    release();
    for (const one of begun) expect((await one).statusCode).toBe(201);
    expect((await send()).statusCode).toBe(201);
  });
});
