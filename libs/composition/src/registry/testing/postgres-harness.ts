import { ScratchDatabase, postgresDialect, type PostgresDialectOptions } from '@millrace/adapters/postgres';
import { SqlRegistry, type SqlRegistryOptions } from '@millrace/adapters/sql-registry';
import { engine, until, type RegistryDurabilityHarness, type RegistryWriter } from '@millrace/testing';
import { startWriter } from './registry-writer.ts';

const patienceMs = 10_000;

/** Registries on one PostgreSQL database of their own, each with its own connections as if in its own process. */
export class PostgresHarness implements RegistryDurabilityHarness {
  private readonly opened: SqlRegistry[] = [];
  private readonly writers: RegistryWriter[] = [];

  private constructor(readonly database: ScratchDatabase) {}

  static async make(): Promise<PostgresHarness> {
    const server = engine('postgres');
    if (!server) throw new Error('PostgreSQL is not up');
    return new PostgresHarness(await ScratchDatabase.make(server.url));
  }

  async open(
    options: Partial<PostgresDialectOptions> = {},
    more: Omit<SqlRegistryOptions, 'dialect'> = {},
  ): Promise<SqlRegistry> {
    const dialect = postgresDialect({ url: this.database.url, poolSize: 4, ...options });
    const registry = await SqlRegistry.open({ dialect, ...more });
    this.opened.push(registry);
    return registry;
  }

  several(count: number): Promise<SqlRegistry[]> {
    return Promise.all(Array.from({ length: count }, () => this.open()));
  }

  /** Killed, its transactions are over only once the server has noticed. */
  async write(run: string): Promise<RegistryWriter> {
    const url = `${this.database.url}?application_name=writer-${run}`;
    const writer = await startWriter({ url }, run);
    this.writers.push(writer);
    return {
      acknowledged: writer.acknowledged,
      kill: async () => {
        await writer.kill();
        await until(() => this.isGone(`writer-${run}`), patienceMs);
      },
    };
  }

  async dispose(): Promise<void> {
    await Promise.all(this.writers.map((writer) => writer.kill()));
    await Promise.all(this.opened.map((registry) => registry.close()));
    await this.database.drop();
  }

  private async isGone(application: string): Promise<void> {
    const sql = 'select 1 from pg_stat_activity where application_name = $1';
    const sessions = await this.database.execute(sql, [application]);
    if (sessions.length > 0) throw new Error(`${application} still has ${sessions.length} sessions`);
  }
}
