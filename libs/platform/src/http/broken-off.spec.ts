import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readForm } from './body-parsers.ts';
import { createHttpServer } from './http-server.ts';

const settings = { maxBodyMb: 1, maxInflight: 4, maxUploads: 1, minBodyRate: 8 };
let server: FastifyInstance;
let lines: Record<string, unknown>[] = [];
let begun = false;
beforeEach(async () => {
  [lines, begun] = [[], false];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  server = await createHttpServer({ settings, open: false, logger: pino({ level: 'debug' }, { write }) });
  server.addHook('preParsing', async () => void (begun = true));
  server.post('/v1/things', (request) =>
    request.headers['content-type']?.startsWith('multipart') ? readForm(request) : Promise.resolve(),
  );
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

it.each([
  [
    'a form',
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhal',
  ],
  ['JSON', 'application/json', '{"text":"hal'],
])(
  'a caller who goes away while sending %s is a line for those who look, and no error',
  async (_what, type, sent) => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const head = ['POST /v1/things HTTP/1.1', 'host: a', `content-type: ${type}`, 'content-length: 5000'];
    socket.on('error', () => undefined).write(`${head.join('\r\n')}\r\n\r\n${sent}`);
    await vi.waitFor(() => expect(begun).toBe(true));
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({ level: 20, msg: 'the caller went away', route: 'POST /v1/things' });
  },
);
