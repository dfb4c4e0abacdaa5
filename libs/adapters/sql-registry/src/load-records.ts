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

/** What a change reads of a document: always its newest version and its live one, and these. */
export interface WantedDocument extends DocumentName {
  /** Make it, with version 0, when there is none. */
  readonly create?: boolean;
  readonly version?: number;
  /** All versions up to this one, given the document as it is. Default: none. */
  readonly upTo?: (row: DocumentRow) => number;
}

/** The records of these documents by `documentKey`, locked until the transaction ends. */
export async function loadRecords(
  trx: Trx,
  wanted: readonly WantedDocument[],
): Promise<Map<string, DocumentRecord>> {
  if (wanted.length === 0) return new Map();
  const rows = await holdDocuments(trx, wanted);
  const versions = rows.length > 0 ? await versionsOf(trx, rows, wanted) : [];
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

function versionsOf(
  trx: Trx,
  rows: readonly DocumentRow[],
  wanted: readonly WantedDocument[],
): Promise<VersionRow[]> {
  const wantedOf = Map.groupBy(wanted, documentKey);
  return trx
    .selectFrom('versions')
    .selectAll()
    .where((version) =>
      version.or(
        rows.flatMap((row) => {
          const { numbers, upTo } = rangeOf(row, wantedOf.get(documentKey(row)) ?? []);
          const { tenant, document } = row;
          const named = version.and({ tenant, document });
          const single = version.and([named, version('version', 'in', numbers)]);
          return upTo === 0 ? [single] : [single, version.and([named, version('version', '<=', upTo)])];
        }),
      ),
    )
    .orderBy('version')
    .execute();
}

const rangeOf = (
  row: DocumentRow,
  wanted: readonly WantedDocument[],
): { numbers: number[]; upTo: number } => ({
  numbers: [
    ...new Set([
      row.version,
      row.live_version ?? row.version,
      ...wanted.flatMap(({ version }) => version ?? []),
    ]),
  ],
  upTo: Math.max(...wanted.map(({ upTo }) => upTo?.(row) ?? 0)),
});

const lettersOf = (trx: Trx, names: readonly DocumentName[]): Promise<LetterRow[]> =>
  trx.selectFrom('dead_letters').selectAll().where(named(names)).where('version', 'is not', null).execute();

/** Rows of these documents. */
function named(names: readonly DocumentName[]) {
  const byTenant = [...Map.groupBy(names, ({ tenant }) => tenant)];
  return <T extends 'documents' | 'dead_letters'>(row: ExpressionBuilder<Schema, T>) =>
    row.or(
      byTenant.map(([tenant, group]) =>
        row.and([
          row('tenant' as never, '=', tenant as never),
          row('document' as never, 'in', group.map(({ document }) => document) as never),
        ]),
      ),
    );
}
