import { sqliteDialect, type SqliteDialectOptions } from '@millrace/adapters/sqlite';

/** Runs one statement on a database that no registry has open. */
export async function sqliteStatement(options: SqliteDialectOptions, sql: string): Promise<void> {
  const driver = sqliteDialect(options).createDriver();
  try {
    await driver.init();
    const connection = await driver.acquireConnection();
    await connection.executeQuery({ sql, parameters: [] } as unknown as Parameters<
      typeof connection.executeQuery
    >[0]);
    await driver.releaseConnection(connection);
  } finally {
    await driver.destroy();
  }
}
