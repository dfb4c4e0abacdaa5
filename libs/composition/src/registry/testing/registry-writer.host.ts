import { SqlRegistry } from '@millrace/adapters/sql-registry';
import type { NewAuditEntry } from '@millrace/ports';
import type { WrittenVersion } from '@millrace/testing';
import { postgresDialect } from '@millrace/adapters/postgres';
import { sqliteDialect } from '@millrace/adapters/sqlite';
import type { WriterDatabase } from './registry-writer.ts';

/** The child process of `registry-writer.ts`: changes documents until it is killed, and says what was acknowledged. */
const [, , given, run] = process.argv;
const database = JSON.parse(given!) as WriterDatabase;
const dialect =
  'file' in database
    ? sqliteDialect({ entry: new URL(database.entry), file: database.file })
    : postgresDialect(database);
const registry = await SqlRegistry.open({ dialect });
const tenant = 'acme';
const event = (document: string) => (version: number) => ({
  ...{ topic: 'changed', key: `${tenant}/${document}`, headers: {} },
  value: JSON.stringify({ tenant, document, version }),
});

const entryAt = (at: number): NewAuditEntry => ({
  ...{
    tenant,
    at,
    actor: { name: 'writer' },
    action: 'document.delete',
    object: 'document',
    outcome: 'done',
  },
  details: {},
});

async function write(document: string): Promise<void> {
  for (let turn = 1; ; turn++) {
    const at = Date.now();
    const announce = event(document);
    const change = { tenant, document, at, announce };
    const acceptance =
      turn % 5 === 0
        ? await registry.documents.withdraw({ ...change, audit: entryAt(at) })
        : await registry.documents.accept({
            ...change,
            source: `s${turn}`,
            contentHash: `h${turn}`,
            bodyHash: `h${turn}`,
          });
    if (acceptance && acceptance.outcome !== 'before-delete' && acceptance.outcome !== 'overtaken') {
      const { version, outcome } = acceptance;
      process.send!({ tenant, document, version, outcome } satisfies WrittenVersion);
    }
  }
}

await Promise.all(Array.from({ length: 12 }, (_, n) => write(`${run}-${n}`)));
