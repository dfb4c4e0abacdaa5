import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** As somebody would who has the database in his hands, and knows of its triggers; no server has it open. */
export function tamper(dataDir: string, statements: readonly string[]): void {
  const database = new DatabaseSync(join(dataDir, 'registry.sqlite'));
  for (const what of ['update', 'delete']) database.exec(`drop trigger if exists audit_entries_no_${what}`);
  for (const statement of statements) database.exec(statement);
  database.close();
}
