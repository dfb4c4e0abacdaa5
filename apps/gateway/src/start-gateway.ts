import { announce, gatewaySettings, loadSettings, serveConsole } from '@millrace/composition';
import {
  bindOperations,
  closeWithin,
  createLogger,
  Health,
  MetricsEndpoint,
  serverSettings,
  tellUnready,
  untilSignal,
  type Running,
  type Settings,
} from '@millrace/platform';
import { createGateway } from './gateway.ts';
import { ServiceHealth } from './service-health.ts';

/** The whole of the gateway's process: one address, the console at `/`, everything else with the services. */
export async function startGateway(dist: URL): Promise<void> {
  const settings = loadSettings();
  for (const { where, message } of settings.problems) console.error(`${where}: ${message}`);
  if (settings.problems.length > 0) process.exit(2);
  if (process.argv.includes('--check-config')) return console.log('The settings are fine.');
  announce(await untilSignal(() => listen(settings, dist)), settings);
}

async function listen(settings: Settings, dist: URL): Promise<Running> {
  const { host, port, logLevel, logFormat, drainSeconds } = settings.of(serverSettings);
  const logger = createLogger({ level: logLevel, format: logFormat, service: 'millrace' });
  const metrics = new MetricsEndpoint('gateway');
  const addresses = settings.of(gatewaySettings);
  const health = new Health(new ServiceHealth(addresses).checks(), tellUnready(logger));
  const cutOff = new AbortController();
  const server = await createGateway({ settings, logger, addresses, cutOff: cutOff.signal });
  bindOperations(server, health, metrics);
  await serveConsole(new URL('console/', dist))(server);
  const url = await server.listen({ host, port });
  health.started();
  logger.info({ url }, 'ready');
  const stop = async () => {
    health.draining();
    await closeWithin(server, cutOff, drainSeconds * 1000);
    await metrics.close();
  };
  return { url, logger, stop };
}
