import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteDialect } from '@millrace/adapters/sqlite';
import { SqlRegistry } from '@millrace/adapters/sql-registry';
import { chainOf, workersDir } from '@millrace/testing';
import { expect, it } from 'vitest';
import { auditEntries } from './testing/audit-entries.ts';
import { sqliteStatement } from './testing/sqlite-statement.ts';

it('SQLite refuses to change or remove an audit entry, whoever asks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-audit-'));
  const options = { entry: new URL('sqlite.js', workersDir), file: join(folder, 'registry.sqlite') };
  const open = () => SqlRegistry.open({ dialect: sqliteDialect(options) });
  const before = await open();
  await before.audit.append(auditEntries('acme', 1)[0]!);
  const chain = await chainOf({ registry: before, tenant: 'acme' });
  await before.close();
  for (const attack of ["update audit_entries set action = 'x'", 'delete from audit_entries'])
    await expect(sqliteStatement(options, attack)).rejects.toThrow('never changed or removed');
  const registry = await open();
  expect(await chainOf({ registry, tenant: 'acme' })).toEqual(chain);
  await registry.close();
  await rm(folder, { recursive: true });
});
