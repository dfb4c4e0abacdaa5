import { Module, type DynamicModule } from '@nestjs/common';
import { Sparing, type HealthCheck, type HealthState, type Logger, type Settings } from '@millrace/platform';

/** What an adapter is opened with. */
export interface PortContext {
  readonly settings: Settings;
  /** Absolute, exists. */
  readonly dataDir: string;
  /** Where the bundled child process and thread entry points lie. */
  readonly workers: URL;
  readonly logger: Logger;
}

export interface OpenPort {
  readonly value: unknown;
  readonly health?: () => Promise<HealthState> | HealthState;
  readonly close?: () => Promise<void>;
}

export interface PortEntry {
  /** In health reports and messages. */
  readonly name: string;
  readonly open: (context: PortContext) => Promise<OpenPort>;
}

/** Port -> adapter, for one profile. */
export type PortTable = ReadonlyMap<symbol, PortEntry>;

/** A port whose adapter answers `healthy()` and `close()`, as most do. */
export const standard = (adapter: { healthy?(): Promise<boolean>; close?(): Promise<void> }): OpenPort => ({
  value: adapter,
  ...(adapter.healthy && { health: async () => ({ ok: await adapter.healthy!() }) }),
  ...(adapter.close && { close: () => adapter.close!() }),
});

/** What an adapter retries in the background is still worth a line, and not one for each time. */
export function reportTo({ logger }: PortContext, name: string): (err: unknown) => void {
  const sparing = new Sparing();
  return (err) => {
    const untold = sparing.tell(err instanceof Error ? err.message : String(err));
    if (untold === undefined) return;
    logger.error({ err, ...(untold > 0 && { untold }) }, `${name}: failed, will be tried again`);
  };
}

@Module({})
class PortsModule {}

/** Opens the ports that a process needs and closes them, last opened first. */
export class PortHost {
  private readonly opened: { token: symbol; name: string; port: OpenPort }[] = [];

  private constructor() {}

  static async open(table: PortTable, tokens: Iterable<symbol>, context: PortContext): Promise<PortHost> {
    const host = new PortHost();
    try {
      for (const token of new Set(tokens)) await host.openOne(table, token, context);
      return host;
    } catch (error) {
      await host.close();
      throw error;
    }
  }

  module(): DynamicModule {
    const providers = this.opened.map(({ token, port }) => ({ provide: token, useValue: port.value }));
    return { module: PortsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }

  checks(): HealthCheck[] {
    return this.opened.flatMap(({ name, port: { health } }) => (health ? [{ name, check: health }] : []));
  }

  async close(): Promise<void> {
    for (const { port } of this.opened.reverse()) await port.close?.();
    this.opened.length = 0;
  }

  private async openOne(table: PortTable, token: symbol, context: PortContext): Promise<void> {
    const entry = table.get(token);
    if (!entry) throw new Error(`this profile has no adapter for ${String(token.description)}`);
    this.opened.push({ token, name: entry.name, port: await entry.open(context) });
  }
}
