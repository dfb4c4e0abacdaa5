import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundSlowBodies } from './slow-bodies.ts';

let server: FastifyInstance;
let closed = 0;
beforeEach(async () => {
  server = fastify();
  boundSlowBodies(server, 1000, 100);
  server.addHook('onRequest', async (_request, reply) => {
    reply.raw.once('close', () => (closed += 1));
  });
  server.post('/', async (request) => ({ length: JSON.stringify(request.body).length }));
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => server.close());

function began(length: number): Socket {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  const head = ['POST / HTTP/1.1', 'host: a', 'content-type: application/json', `content-length: ${length}`];
  socket.on('error', () => undefined).write(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n`);
  return socket;
}

describe('a body', () => {
  it('that stalls is given up, and its connection with it', async () => {
    closed = 0;
    const answer = await text(began(5000));
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
    expect(answer).toContain('"code":"request_timeout"');
    expect(closed).toBe(1);
  });

  it('that comes slowly and steadily is taken', async () => {
    const socket = began(2002);
    const answer = text(socket);
    socket.write('"');
    for (let sent = 0; sent < 2000; sent += 250) {
      socket.write('x'.repeat(250));
      await pause(50);
    }
    socket.write('"');
    expect(await answer).toContain('{"length":2002}');
  });

  it('that is whole may be worked on for longer', async () => {
    const socket = began(2);
    const answer = text(socket);
    socket.write('""');
    await pause(250);
    expect(await answer).toContain('{"length":2}');
  });
});
