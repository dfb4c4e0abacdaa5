import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How often a closing server looks for connections whose last answer is out. */
const sweepMs = 100;

/**
 * A server that closes waits for its connections, and Node lets two kinds go on: those on which nothing was ever sent,
 * as browsers and pools open them ahead, for a minute; those that are kept after the answer they still got, until their
 * keep-alive time is over. Both are ended here.
 */
export function endConnectionsAtClose(fastify: FastifyInstance): void {
  const { server } = fastify;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  fastify.addHook('preClose', async () => {
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs).unref();
    server.once('close', () => clearInterval(sweep));
  });
}
