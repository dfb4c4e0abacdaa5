import type { ServiceName } from '@millrace/contracts';
import { makeFolder } from '@millrace/adapters/filesystem';
import { EVENT_LOG, REQUEST_REPLY, WORK_QUEUE } from '@millrace/ports';
import { serverSettings, type Composed, type Logger, type Settings } from '@millrace/platform';
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { serveConsole } from './console.ts';
import { distributedPorts } from './distributed-ports.ts';
import { embeddedPorts } from './embedded-ports.ts';
import { PortHost, type PortTable } from './port-host.ts';
import { serviceTable } from './services.ts';

export interface ComposeOptions {
  readonly services: readonly ServiceName[];
  /** The folder of the bundles: `workers/`, `console/`. */
  readonly dist: URL;
}

const portTables = { standalone: embeddedPorts, distributed: distributedPorts };

/**
 * Puts services and adapters together: the only place that knows both.
 * @param own ports in place of the profile's, for tests and measurements
 */
export async function compose(
  { services, dist }: ComposeOptions,
  settings: Settings,
  logger: Logger,
  own: PortTable = new Map(),
): Promise<Composed> {
  const { profile, ...server } = settings.of(serverSettings);
  const dataDir = resolve(server.dataDir);
  await makeDataFolder(dataDir);
  const entries = services.map((service) => serviceTable[service]);
  const tokens = [EVENT_LOG, WORK_QUEUE, REQUEST_REPLY, ...entries.flatMap(({ needs }) => needs)];
  const context = { settings, dataDir, workers: new URL('workers/', dist), logger };
  const ports = await PortHost.open(new Map([...portTables[profile], ...own]), tokens, context);
  return {
    services,
    modules: [ports.module(), ...entries.map(({ module }) => module)],
    checks: ports.checks(),
    extend: serveConsole(new URL('console/', dist)),
    close: () => ports.close(),
  };
}

async function makeDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code;
    throw new Error(`${folder} cannot be the data folder (${why}). Choose another with MILLRACE_DATA_DIR.`, {
      cause,
    });
  }
}
