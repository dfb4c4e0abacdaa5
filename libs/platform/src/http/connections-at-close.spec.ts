import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createHttpServer } from './http-server.ts';

const settings = { maxBodyMb: 1, maxInflight: 4, maxUploads: 1, minBodyRate: 8 };

async function listening() {
  const server = await createHttpServer({ settings, open: false, logger: pino({ level: 'silent' }) });
  const release = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  server.get('/slow', async () => {
    asked.resolve();
    await release.promise;
    return 'done';
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const open = async () => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    await once(socket, 'connect');
    return socket;
  };
  return { server, open, asked: asked.promise, release: () => release.resolve() };
}

describe('closing a server', () => {
  it('cuts a connection on which nothing was ever sent', async () => {
    const { server, open } = await listening();
    const silent = await open();
    const ended = once(silent, 'close');
    silent.resume();
    const before = Date.now();
    await server.close();
    await ended;
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it('does not wait for a request that never comes whole', async () => {
    const { server, open, asked, release } = await listening();
    const [half, kept] = [await open(), await open()];
    const ended = [half, kept].map((socket) => {
      socket.on('error', () => undefined);
      return new Promise((resolve) => socket.once('close', resolve));
    });
    half.write('GET /slow HTTP/1.1\r\nhost: x\r\nx-half');
    kept.resume().write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    await asked;
    release();
    await new Promise((resolve) => kept.once('data', resolve));
    kept.write('GET /slow HTTP/1.1\r\nhost:');
    const before = Date.now();
    await server.close();
    await Promise.all(ended);
    expect(Date.now() - before).toBeLessThan(10_000);
  });

  it('waits for the answer to what was asked', async () => {
    const { server, open, asked, release } = await listening();
    const socket = await open();
    let heard = '';
    socket.on('data', (text) => (heard += String(text)));
    const ended = once(socket, 'close');
    socket.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    await asked;
    const closed = server.close();
    await new Promise(setImmediate);
    release();
    await Promise.all([closed, ended]);
    expect(heard).toMatch(/^HTTP\/1\.1 200 [^]*done/);
  });
});
