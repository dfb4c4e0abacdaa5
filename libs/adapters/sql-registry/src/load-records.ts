import { documentKey } from '@millrace/contracts';
import type { ExpressionBuilder, Transaction } from 'kysely';
import { locked } from './dialects.ts';
import { DocumentRecord, type DocumentRow, type LetterRow, type VersionRow } from './document-record.ts';
import type { Schema } from './schema.ts';

type Trx = Transaction<Schema>;

export interface DocumentName {
  readonly tenant: string;
  readonly document: string;
}

export interface WantedDocument extends DocumentName {
  /** Make it, with version 0, when there is none. */
  readonly create?: boolean;
}

/** The records of these documents by `documentKey`, locked until the transaction ends. */
export async function loadRecords(
  trx: Trx,
  wanted: readonly WantedDocument[],
): Promise<Map<string, DocumentRecord>> {
  if (wanted.length === 0) return new Map();
  const rows = await holdDocuments(trx, wanted);
  const versions = rows.length > 0 ? await versionsOf(trx, rows) : [];
  const failed = versions.filter(({ state }) => state === 'dead-lettered');
  const letters = failed.length > 0 ? await lettersOf(trx, failed) : [];
  const versionsByDocument = Map.groupBy(versions, documentKey);
  const lettersByDocument = Map.groupBy(letters, ({ tenant, document }) =>
    documentKey({ tenant, document: document ?? '' }),
  );
  return new Map(
    rows.map((row) => {
      const key = documentKey(row);
      return [key, assemble(row, versionsByDocument.get(key) ?? [], lettersByDocument.get(key) ?? [])];
    }),
  );
}

const assemble = (
  row: DocumentRow,
  versions: readonly VersionRow[],
  letters: readonly LetterRow[],
): DocumentRecord =>
  new DocumentRecord(
    row,
    new Map(versions.map((version) => [version.version, version])),
    new Map(letters.map((letter) => [letter.id, letter])),
  );

/** In one order for all, so that two transactions never wait for each other. */
async function holdDocuments(trx: Trx, wanted: readonly WantedDocument[]): Promise<DocumentRow[]> {
  const byKey = [...new Map(wanted.map((name) => [documentKey(name), name])).values()].sort(inOrder);
  const created = new Set(wanted.filter(({ create }) => create).map(documentKey));
  const missing = byKey.filter((name) => created.has(documentKey(name)));
  if (missing.length > 0) await createDocuments(trx, missing);
  return locked(
    trx,
    trx.selectFrom('documents').selectAll().where(named(byKey)).orderBy('tenant').orderBy('document'),
  ).execute();
}

const inOrder = (a: DocumentName, b: DocumentName): number => (documentKey(a) < documentKey(b) ? -1 : 1);

async function createDocuments(trx: Trx, names: readonly DocumentName[]): Promise<void> {
  const empty = { version: 0, state: 'accepted', operation: 'upsert', accepted_at: 0 } as const;
  await trx
    .insertInto('documents')
    .values(names.map(({ tenant, document }) => ({ tenant, document, ...empty })))
    .onConflict((conflict) => conflict.columns(['tenant', 'document']).doNothing())
    .execute();
}

const versionsOf = (trx: Trx, names: readonly DocumentName[]): Promise<VersionRow[]> =>
  trx.selectFrom('versions').selectAll().where(named(names)).orderBy('version').execute();

const lettersOf = (trx: Trx, names: readonly DocumentName[]): Promise<LetterRow[]> =>
  trx.selectFrom('dead_letters').selectAll().where(named(names)).execute();

/** Rows of these documents. */
function named(names: readonly DocumentName[]) {
  const byTenant = [...Map.groupBy(names, ({ tenant }) => tenant)];
  return <T extends 'documents' | 'versions' | 'dead_letters'>(row: ExpressionBuilder<Schema, T>) =>
    row.or(
      byTenant.map(([tenant, group]) =>
        row.and([
          row('tenant' as never, '=', tenant as never),
          row('document' as never, 'in', group.map(({ document }) => document) as never),
        ]),
      ),
    );
}
