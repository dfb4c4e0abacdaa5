import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { serve } from './testing/serve.ts';

let server: FastifyInstance;
afterEach(() => server.close());

async function serving(...how: Parameters<typeof serve>) {
  const served = await serve(...how);
  server = served.server;
  return served.send;
}

describe('a JSON body', () => {
  const sending = async (payload: string, type = 'application/json') => {
    await serving(async () => ({ ok: true }));
    const headers = { 'content-type': type };
    const answer = await server.inject({ method: 'POST', url: '/v1/things/a', headers, payload });
    return { status: answer.statusCode, body: answer.body };
  };

  it('that is broken is refused with the place', async () => {
    const { status, body } = await sending('{"name" "x"}');
    expect(status).toBe(400);
    expect(body).toMatch(/"invalid_json".+position 8/);
  });

  it.each(['{"name":"x","__proto__":{}}', '{"name":"x","a":{"constructor":{"prototype":1}}}'])(
    'is refused for a key that is poison to programs, and not as broken: %s',
    async (payload) => {
      const { status, body } = await sending(payload);
      expect(status).toBe(400);
      expect(body).toMatch(/"invalid_request".+keys __proto__ and constructor\.prototype are not accepted/);
    },
  );

  it('with more values than any request needs is refused before they are looked at', async () => {
    const { status, body } = await sending(`{"name":[${'1,'.repeat(100_000)}1]}`);
    expect(status).toBe(400);
    expect(body).toMatch(/"invalid_request".+more than 100000 values/);
  });

  it('with half of a character is refused: no UTF-8 can hold it', async () => {
    const { status, body } = await sending(String.raw`{"name":"a\ud800b"}`);
    expect(status).toBe(400);
    expect(body).toMatch(/"invalid_json".+without its other half/);
  });

  it('is bounded where no file can be sent to', async () => {
    await serving(async () => ({ ok: true }), ['write'], { maxBodyMb: 64 });
    const statusOf = async (bytes: number) => {
      const payload = JSON.stringify({ name: 'x'.repeat(bytes) });
      const headers = { 'content-type': 'application/json' };
      return (await server.inject({ method: 'POST', url: '/v1/things/a', headers, payload })).statusCode;
    };
    expect([await statusOf(16 * 1_048_576 - 100), await statusOf(16 * 1_048_576)]).toEqual([201, 413]);
  });

  it.each([
    ['application/json; charset=iso-8859-1', 415],
    ['application/json;charset="utf-16"', 415],
    ['application/json; charset="UTF-8"', 201],
    ['application/json; charset=utf8; v=1', 201],
  ])('is taken in UTF-8 only: %s', async (type, status) => {
    const answer = await sending('{"name":"x"}', type);
    expect(answer.status).toBe(status);
    if (status === 415) expect(answer.body).toMatch(/"unsupported_media_type".+UTF-8 only/);
  });
});

describe('a route that takes no body', () => {
  it.each([
    ['DELETE', 'application/json', undefined],
    ['DELETE', 'application/json', ''],
    ['DELETE', 'text/plain', ''],
    ['GET', 'application/json', undefined],
    ['GET', 'multipart/form-data', undefined],
  ] as const)('passes over the type of none: %s %s %j', async (method, type, payload) => {
    await serving(async () => ({ ok: true }), ['write'], {}, { method, body: undefined });
    const headers = { 'content-type': type };
    const answer = await server.inject({
      ...{ method, url: '/v1/things/a', headers },
      ...(payload !== undefined && { payload }),
    });
    expect(answer.statusCode).toBe(201);
  });
});

describe('a form', () => {
  const sending = async (fields: readonly (readonly [name: string, value: string])[]) => {
    let taken: unknown;
    const form = { fields: z.record(z.string(), z.unknown()) };
    await serving(
      async (request) => {
        taken = (request as unknown as { form: { fields: unknown } }).form.fields;
        return { ok: true };
      },
      ['write'],
      {},
      { form },
    );
    const data = new FormData();
    for (const [name, value] of fields) data.append(name, value);
    data.set('file', new Blob(['a']));
    const { headers, body } = new Response(data);
    const payload = Buffer.from(await new Response(body).arrayBuffer());
    const type = { 'content-type': headers.get('content-type')! };
    const answer = await server.inject({ method: 'POST', url: '/v1/things/a', headers: type, payload });
    return { answer, taken };
  };

  it('may have a field more than once where its name says so', async () => {
    const { taken } = await sending([
      ['one', '1'],
      ['many[]', '2'],
      ['many[]', '3'],
    ]);
    expect(taken).toEqual({ one: '1', 'many[]': ['2', '3'] });
  });

  it('is refused where another comes twice: one of them would be ignored', async () => {
    const { answer } = await sending([
      ['acl', 'a'],
      ['acl', 'b'],
    ]);
    expect(answer.json()).toMatchObject({ error: { code: 'invalid_request', param: 'acl' } });
  });
});

describe('a CloudEvent in binary mode', () => {
  const cloudEvent = z.looseObject({ type: z.literal('made'), data: z.unknown().optional() });
  const headers = { 'ce-specversion': '1.0', 'ce-type': 'made', 'ce-subject': 'h%C3%A9ron%20a' };
  let taken: unknown;
  const sending = async (more: Record<string, string>, payload?: string) => {
    await serving(
      async (request) => {
        taken = request.cloudEvent;
        return { ok: true };
      },
      ['write'],
      {},
      { cloudEvent },
    );
    return server.inject({
      method: 'POST',
      url: '/v1/things/a',
      headers: { ...headers, ...more },
      ...(payload !== undefined && { payload }),
    });
  };
  const attributes = { specversion: '1.0', type: 'made', subject: 'héron a' };

  it('is put together from headers, percent-decoded, and the body', async () => {
    expect((await sending({ 'content-type': 'application/json' }, '{"n":1}')).statusCode).toBe(201);
    expect(taken).toEqual({ ...attributes, datacontenttype: 'application/json', data: { n: 1 } });
  });

  it('may have no body, with a content type or without', async () => {
    expect((await sending({})).statusCode).toBe(201);
    expect(taken).toEqual(attributes);
    await server.close();
    expect((await sending({ 'content-type': 'application/json' }, '')).statusCode).toBe(201);
    expect(taken).toEqual({ ...attributes, datacontenttype: 'application/json' });
  });

  it('is refused as an event when it does not fit or cannot be decoded', async () => {
    const other = await sending({ 'ce-type': 'else' });
    expect([other.statusCode, other.json()]).toMatchObject([
      422,
      { error: { code: 'invalid_event', param: 'type' } },
    ]);
    await server.close();
    const broken = await sending({ 'ce-subject': '%E0%A4%A' });
    expect([broken.statusCode, broken.json()]).toMatchObject([422, { error: { param: 'ce-subject' } }]);
  });
});
