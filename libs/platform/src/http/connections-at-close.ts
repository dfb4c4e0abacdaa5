import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * A server that closes waits for its connections, and Node lets two kinds go on: those on which nothing was ever sent,
 * as browsers and pools open them ahead, for a minute; those that are kept after the answer they still got, for as long
 * as any kept one. Both are ended here.
 */
export function endConnectionsAtClose(fastify: FastifyInstance): void {
  const { server } = fastify;
  const sockets = new Set<Socket>();
  let closing = false;
  const endIdle = (): void => server.closeIdleConnections();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (_: IncomingMessage, response: ServerResponse) => {
    response.once('close', () => closing && setImmediate(endIdle));
  });
  fastify.addHook('preClose', async () => {
    closing = true;
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  });
}
