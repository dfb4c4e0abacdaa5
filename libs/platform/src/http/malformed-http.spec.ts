import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpServer } from './http-server.ts';

const settings = { maxBodyMb: 1, maxInflight: 4, maxUploads: 1, minBodyRate: 8 };
let server: FastifyInstance;
beforeEach(async () => {
  server = await createHttpServer({ settings, open: false, logger: pino({ level: 'silent' }) });
  server.post('/v1/things', async () => 'taken');
  Object.assign(server.server, { headersTimeout: 200, connectionsCheckingInterval: 50 });
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

/** What comes back on a bare connection, until it is closed. */
async function sending(request: string): Promise<{ status: number; code: string }> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined).write(request);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const { error } = JSON.parse(body) as { error: Record<string, unknown> };
  expect(Object.keys(error)).toEqual(['code', 'message', 'type', 'param', 'request_id']);
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), code: String(error['code']) };
}

const close = 'connection: close\r\n\r\n';

describe('what is no request is answered in the shape of all errors', () => {
  it.each([
    [
      'an address of 100 kB',
      `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n${close}`,
      431,
      'headers_too_large',
    ],
    [
      'a header of 100 kB',
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(100_000)}\r\n${close}`,
      431,
      'headers_too_large',
    ],
    [
      '3,000 headers',
      `GET / HTTP/1.1\r\nhost: a\r\n${'x-header: y\r\n'.repeat(3000)}${close}`,
      ...([431, 'headers_too_large'] as const),
    ],
    [
      'a length below nothing',
      `POST /v1/things HTTP/1.1\r\nhost: a\r\ncontent-length: -5\r\n${close}`,
      400,
      'malformed_http',
    ],
    [
      'two ways to say the length',
      `POST /v1/things HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n${close}0\r\n\r\n`,
      ...([400, 'malformed_http'] as const),
    ],
    ['an unknown method', `FOO / HTTP/1.1\r\nhost: a\r\n${close}`, 400, 'malformed_http'],
    ['a tunnel', `CONNECT b:443 HTTP/1.1\r\nhost: b:443\r\n${close}`, 405, 'method_not_allowed'],
    [
      'an expectation of anything, as the request without it',
      `GET /nowhere HTTP/1.1\r\nhost: a\r\nexpect: wonders\r\n${close}`,
      ...([404, 'route_not_found'] as const),
    ],
    ['noise', '\u0001\u0002garbage\r\n\r\n', 400, 'malformed_http'],
    ['a head that never ends', 'GET / HTTP/1.1\r\nhost: a\r\nx-half', 408, 'request_timeout'],
    ['two hosts', `POST /v1/things HTTP/1.1\r\nhost: a\r\nHost: b\r\n${close}`, 400, 'malformed_http'],
    ['no host', `POST /v1/things HTTP/1.1\r\n${close}`, 400, 'malformed_http'],
  ])('%s', async (_, request, status, code) => {
    expect(await sending(request)).toEqual({ status, code });
  });
});
