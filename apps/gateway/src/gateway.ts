import { routes } from '@millrace/contracts';
import { createHttpServer, endSignal, httpSettings, type Logger, type Settings } from '@millrace/platform';
import type { FastifyInstance } from 'fastify';
import { Forwarder, relay } from './forward.ts';
import { Upstreams, type Addresses } from './upstreams.ts';

export interface GatewayOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly addresses: Addresses;
  /** Aborts when the gateway stops and waits no longer for answers. */
  readonly cutOff: AbortSignal;
}

/** Every route of the table at one address, each forwarded to a replica of its service. */
export async function createGateway({
  settings,
  logger,
  addresses,
  cutOff,
}: GatewayOptions): Promise<FastifyInstance> {
  const server = await createHttpServer({ settings: settings.of(httpSettings), open: false, logger });
  const upstreams = new Upstreams(addresses);
  const forwarder = new Forwarder();
  passBodiesOn(server);
  for (const { service, method, path: url } of Object.values(routes))
    server.route({
      method,
      url,
      handler: async (request, reply) => {
        const answer = await forwarder.ask(request.raw, endSignal(reply.raw, cutOff).signal, {
          replicas: upstreams.inTurn(service),
          requestId: request.id,
          onUnreachable: (replica) => upstreams.failed(replica),
        });
        reply.hijack();
        await relay(answer, reply.raw, { requestId: request.id, cutOff });
      },
    });
  server.addHook('onClose', () => forwarder.close());
  return server;
}

/** The services read bodies; here they only pass through. */
function passBodiesOn(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
}
