import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MillraceError } from '@millrace/contracts';
import { countRefusal } from '../telemetry/metrics.ts';
import { errorBody } from './error-answer.ts';

/** Between two looks at how much has come. */
const lookMs = 10_000;

/**
 * A caller who sends a body and then stalls must not hold a place for as long as it likes: what comes slower than
 * `bytesPerSecond` between two looks is answered 408, and the connection ends. 0 bounds nothing.
 */
export function boundSlowBodies(server: FastifyInstance, bytesPerSecond: number, everyMs = lookMs): void {
  const least = (bytesPerSecond * everyMs) / 1000;
  if (least === 0) return;
  server.addHook('onRequest', async (request, reply) => {
    const { raw } = request;
    if (raw.complete || !hasBody(request)) return;
    let seen = raw.socket.bytesRead;
    const timer = setInterval(() => {
      const came = raw.socket.bytesRead - seen;
      seen += came;
      if (raw.complete || reply.sent) clearInterval(timer);
      else if (came < least) giveUp(request, reply);
    }, everyMs).unref();
    raw.once('close', () => clearInterval(timer));
  });
}

export const hasBody = ({ headers }: FastifyRequest): boolean =>
  Number(headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in headers;

function giveUp({ id, raw }: FastifyRequest, reply: FastifyReply): void {
  countRefusal('http_slow_body');
  const error = new MillraceError('request_timeout');
  reply.raw.once('finish', () => raw.destroy());
  void reply.code(error.spec.status).header('connection', 'close').send(errorBody(error, id));
}
