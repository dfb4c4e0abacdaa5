import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { MillraceError } from '@millrace/contracts';
import { v7 as uuid } from 'uuid';
import type { SettingsOf } from '../config/settings.ts';
import type { httpSettings } from '../config/server-settings.ts';
import type { Logger } from '../telemetry/logger.ts';
import { registerBodyParsers } from './body-parsers.ts';
import { endConnectionsAtClose } from './connections-at-close.ts';
import { errorBody, retryAfterOf, toMillraceError } from './error-answer.ts';
import { failureLog } from './failure-log.ts';
import { answerMalformed, answerOddRequests, refuseUnclearHost } from './malformed-http.ts';
import { refuseForeign } from './origin-guard.ts';
import { noteArrival } from './route-binder.ts';
import { boundSlowBodies } from './slow-bodies.ts';
import { SharedPlaces } from './shared-places.ts';
import { isLarge, refuse } from './tenant-shares.ts';

export interface HttpServerOptions {
  readonly settings: SettingsOf<typeof httpSettings>;
  /** True while no keys are in use: requests with a foreign `Host` or `Origin` are refused. */
  readonly open: boolean;
  readonly logger: Logger;
}

const megabyte = 1_048_576;

/** A Fastify instance with Millrace's manners: request ids, bounds, one shape of error. */
export async function createHttpServer({
  settings,
  open,
  logger,
}: HttpServerOptions): Promise<FastifyInstance> {
  const maxBodyBytes = settings.maxBodyMb * megabyte;
  const server = fastify({
    bodyLimit: maxBodyBytes,
    // As long as an address may be: what a parameter may hold is for its schema to say.
    routerOptions: { maxParamLength: 16_384 },
    genReqId: requestId,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    http: { requireHostHeader: false },
    clientErrorHandler: answerMalformed,
    // A URL that cannot be decoded reaches no route and no hook.
    frameworkErrors: (thrown, request, reply) => {
      const error = toMillraceError(thrown);
      const { id } = request;
      const answer: FastifyReply = reply;
      void answer.header('x-request-id', id).code(error.spec.status).send(errorBody(error, id));
    },
  });
  server.addHook('onRequest', async (request, reply) => {
    noteArrival(request);
    void reply.header('x-request-id', request.id);
    refuseUnclearHost(request.raw);
    if (open) refuseForeign(request.headers);
  });
  endConnectionsAtClose(server);
  answerOddRequests(server.server);
  boundInflight(server, settings, open);
  boundSlowBodies(server, settings.minBodyRate * 1000);
  const tellFailure = failureLog(logger);
  server.setErrorHandler((thrown, request, reply) => {
    const error = wentAway(thrown, request)
      ? new MillraceError('cancelled', { cause: thrown })
      : toMillraceError(thrown);
    tellFailure(error, thrown, request);
    if (!request.raw.complete) readToTheEnd(request, reply);
    if (error.code === 'range_not_satisfiable') void reply.headers(headersOf(thrown));
    const retryAfter = retryAfterOf(error);
    if (retryAfter !== undefined) void reply.header('retry-after', Math.ceil(retryAfter));
    return reply.code(error.spec.status).send(errorBody(error, request.id));
  });
  server.setNotFoundHandler((request) => {
    throw new MillraceError(otherMethodFits(server, request) ? 'method_not_allowed' : 'route_not_found');
  });
  await registerBodyParsers(server, maxBodyBytes);
  return server;
}

/** Node's word for a body that broke off. */
const wentAway = (thrown: unknown, { raw }: FastifyRequest): boolean =>
  raw.destroyed && !raw.complete && (thrown as NodeJS.ErrnoException).code === 'ECONNRESET';

/** The length of the file. */
const headersOf = (thrown: unknown) => (thrown as { headers?: Record<string, string> }).headers ?? {};

/** How long a caller may go on sending what was refused. */
const lingerMs = 10_000;

/**
 * A connection that is closed while the caller still sends is reset, and the answer that says why is lost with it: what
 * comes is thrown away, for a while.
 */
function readToTheEnd({ raw }: FastifyRequest, reply: FastifyReply): void {
  void reply.removeHeader('connection');
  const timer = setTimeout(() => raw.destroy(), lingerMs).unref();
  raw.once('close', () => clearTimeout(timer)).resume();
}

/** The caller's own id is kept when it is harmless. */
const requestId = (raw: { headers: Record<string, unknown> }): string => {
  const given = raw.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) ? given : uuid();
};

const methods = ['GET', 'PUT', 'POST', 'DELETE'] as const;
const otherMethodFits = (server: FastifyInstance, request: FastifyRequest): boolean => {
  const path = request.url.split('?')[0] ?? '';
  return methods.some(
    (method) => method !== request.method && server.findRoute({ method, url: path }) !== null,
  );
};

/** Refuses at the door what would make memory grow: too many requests, too many large bodies at once. */
function boundInflight(
  server: FastifyInstance,
  settings: SettingsOf<typeof httpSettings>,
  open: boolean,
): void {
  let inflight = 0;
  const places = new SharedPlaces(settings.maxUploads, open);
  server.addHook('onRequest', async ({ url, headers }, reply) => {
    if (!url.startsWith('/v1/')) return;
    if (inflight >= settings.maxInflight) throw refuse('http_inflight');
    const free = isLarge(headers) ? places.take(headers.authorization ?? '') : noPlace;
    if (!free) throw refuse('http_uploads');
    inflight += 1;
    reply.raw.once('close', () => {
      inflight -= 1;
      free();
    });
  });
}

const noPlace = (): void => undefined;
