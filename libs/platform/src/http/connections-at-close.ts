import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How often a closing server looks for connections whose last answer is out. */
const sweepMs = 100;
/** How long a closing server waits for a request of which only a part has come. */
const headMs = 1000;

/**
 * A server that closes waits for its connections, and Node lets three kinds go on: those on which nothing was ever sent,
 * as browsers and pools open them ahead, for a minute; those that are kept after the answer they still got, until their
 * keep-alive time is over; those on which a request's head never ends. All are ended here.
 */
export function endConnectionsAtClose(fastify: FastifyInstance): void {
  const { server } = fastify;
  const sockets = new Set<Socket>();
  const answers = new WeakMap<Socket, ServerResponse>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  fastify.addHook('onRequest', async ({ raw }, reply) => void answers.set(raw.socket, reply.raw));
  const isUnasked = (socket: Socket) => {
    const answer = answers.get(socket);
    return !answer || answer.writableFinished || answer.destroyed;
  };
  const end = (isOver: (socket: Socket) => boolean) => {
    for (const socket of sockets) if (isOver(socket)) socket.destroy();
  };
  fastify.addHook('preClose', async () => {
    end(({ bytesRead }) => bytesRead === 0);
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs).unref();
    const last = setTimeout(() => end(isUnasked), headMs).unref();
    server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(last);
    });
  });
}
