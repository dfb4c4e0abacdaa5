import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** A database for one test, on the server that tests share. The login must be allowed to make databases. */
export class ScratchDatabase {
  private constructor(
    private readonly server: string,
    private readonly name: string,
  ) {}

  static async make(server: string): Promise<ScratchDatabase> {
    const name = `millrace_test_${randomUUID().replaceAll('-', '')}`;
    await execute(server, `create database ${name}`);
    return new ScratchDatabase(server, name);
  }

  get url(): string {
    const url = new URL(this.server);
    url.pathname = this.name;
    return url.href;
  }

  /** Ends connections of an application name, as an administrator or a restart does. Returns how many there were. */
  async disconnect(application = '%'): Promise<number> {
    const { rowCount } = await execute(
      this.server,
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like $2',
      [this.name, application],
    );
    return rowCount ?? 0;
  }

  /** A connection of the test's own, for transactions beside the registry's. */
  async session(): Promise<{ execute(sql: string): Promise<unknown>; end(): Promise<void> }> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    return { execute: (sql) => client.query(sql), end: () => client.end() };
  }

  /** Runs a statement beside the registry. */
  async execute(sql: string, parameters: unknown[] = []): Promise<unknown[]> {
    return (await execute(this.url, sql, parameters)).rows;
  }

  async drop(): Promise<void> {
    await execute(this.server, `drop database if exists ${this.name} with (force)`);
  }
}

async function execute(url: string, sql: string, parameters: unknown[] = []) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(sql, parameters);
  } finally {
    await client.end();
  }
}
