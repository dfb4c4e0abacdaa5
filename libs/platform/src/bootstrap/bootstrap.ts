import 'reflect-metadata';
import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { DiscoveryService, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceName } from '@millrace/contracts';
import { EVENT_LOG, REQUEST_REPLY, WORK_QUEUE } from '@millrace/ports';
import type { FastifyInstance } from 'fastify';
import { Authenticator } from '../auth/authenticator.ts';
import { KnownKeys } from '../auth/known-keys.ts';
import { Refusals } from '../auth/refusals.ts';
import { httpSettings, serverSettings } from '../config/server-settings.ts';
import type { Settings } from '../config/settings.ts';
import { Health, type HealthCheck } from '../health/health.ts';
import { closeWithin } from '../http/close-within.ts';
import { createHttpServer } from '../http/http-server.ts';
import { bindOperations } from '../http/operations.ts';
import { isLoopback } from '../http/origin-guard.ts';
import { bindRoute, type RouteBinderOptions } from '../http/route-binder.ts';
import { TenantShares } from '../http/tenant-shares.ts';
import { Caller } from '../messaging/caller.ts';
import { DeadLetterPublisher } from '../messaging/dead-letter-publisher.ts';
import { findHandlers, type FoundHandler } from '../messaging/find-handlers.ts';
import { MessagingBinder } from '../messaging/messaging-binder.ts';
import { PlatformModule } from '../platform.module.ts';
import { createLogger, tellUnready, type Logger } from '../telemetry/logger.ts';
import { MetricsEndpoint } from '../telemetry/metrics.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { refuseMissing } from './completeness.ts';
import { listen } from './listen.ts';
import { NestHttpAdapter } from './nest-http-adapter.ts';

/** What composition hands over: the services of one process with their ports. */
export interface Composed {
  readonly services: readonly ServiceName[];
  readonly modules: NonNullable<ModuleMetadata['imports']>;
  readonly checks: readonly HealthCheck[];
  /** Serves more on the same port: the console. */
  readonly extend?: (server: FastifyInstance) => Promise<void>;
  /** Closes the adapters, after everything that uses them. */
  readonly close: () => Promise<void>;
}

export interface Running {
  readonly url: string;
  readonly logger: Logger;
  /** Unready, drain, close. Resolves when all is closed; never takes much longer than the drain time. */
  stop(): Promise<void>;
}

@Module({})
class ProcessModule {}

/**
 * The one way a process starts: configuration -> telemetry -> ports -> services -> ready; and, on `stop`, back.
 * @param name `standalone`, or the service's name
 */
export async function bootstrap(
  name: string,
  settings: Settings,
  compose: (logger: Logger) => Promise<Composed>,
): Promise<Running> {
  const server = settings.of(serverSettings);
  const logger = createLogger({ level: server.logLevel, format: server.logFormat, service: 'millrace' });
  const metrics = new MetricsEndpoint(name);
  const composed = await compose(logger);
  const stopTracing = startTracing(name, server.otlpUrl);
  const open = server.profile === 'standalone' && !server.adminKey && isLoopback(server.host);
  const health = new Health(composed.checks, tellUnready(logger));
  const http = await createHttpServer({ settings: settings.of(httpSettings), open, logger });
  const app = await NestFactory.create<NestFastifyApplication>(
    processModule(name, settings, composed, logger, health),
    new NestHttpAdapter(http),
    { bodyParser: false, logger: false, abortOnError: false },
  );
  const handlers = findHandlers(app.get(DiscoveryService));
  refuseMissing(handlers, composed.services);
  bindOperations(http, health, metrics);
  const cutOff = new AbortController();
  bindRoutes(http, handlers, {
    authenticator: new Authenticator(app.get(Caller), app.get(KnownKeys), {
      adminKey: server.adminKey,
      open,
    }),
    refusals: app.get(Refusals),
    shares: new TenantShares(settings.of(httpSettings), open),
    checkResponses: server.checkResponses,
    cutOff: cutOff.signal,
  });
  await composed.extend?.(http);
  const messaging = new MessagingBinder({
    log: app.get(EVENT_LOG),
    queue: app.get(WORK_QUEUE),
    requestReply: app.get(REQUEST_REPLY),
    deadLetters: app.get(DeadLetterPublisher),
    logger,
  });
  await messaging.start(handlers);
  await app.init();
  await listen(http, server);
  health.started();
  const url = addressOf(http);
  logger.info({ url, services: composed.services.length }, 'ready');
  return { url, logger, stop };

  async function stop(): Promise<void> {
    health.draining();
    logger.info('draining');
    const budget = server.drainSeconds * 1000;
    await Promise.all([closeWithin(http, cutOff, budget), messaging.stopWork(budget)]);
    await messaging.stopServing();
    await app.close();
    await composed.close();
    await stopTracing();
    await metrics.close();
    logger.info('stopped');
  }
}

const processModule = (
  name: string,
  settings: Settings,
  composed: Composed,
  logger: Logger,
  health: Health,
): DynamicModule => ({
  module: ProcessModule,
  imports: [
    PlatformModule.forProcess(name, logger, health),
    SettingsModule.of(settings),
    ...composed.modules,
  ],
});

@Module({})
class SettingsModule {
  static of(settings: Settings): DynamicModule {
    const providers = settings.groups.map((group) => ({
      provide: group.token,
      useValue: settings.of(group),
    }));
    return { module: SettingsModule, global: true, providers, exports: providers };
  }
}

function bindRoutes(
  http: FastifyInstance,
  handlers: readonly FoundHandler[],
  options: RouteBinderOptions,
): void {
  for (const { binding, run } of handlers)
    if (binding.kind === 'route') bindRoute(http, binding.spec, run, options);
}

function addressOf(http: FastifyInstance): string {
  const address = http.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
