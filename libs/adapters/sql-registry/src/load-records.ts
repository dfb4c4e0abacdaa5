import { documentKey } from '@millrace/contracts';
import { sql, type ExpressionBuilder, type RawBuilder, type Transaction } from 'kysely';
import { held } from './dialects.ts';
import { lettersSaidAt } from './pushed-letters.ts';
import {
  DocumentRecord,
  remembered,
  type DocumentRow,
  type LetterRow,
  type VersionRow,
} from './document-record.ts';
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
  /** All versions up to this one; or those that give way when the document gets its next. Default: none. */
  readonly upTo?: number | 'giving-way';
  /** It is about what indexes have: the plan of models and the sightings are read as well. */
  readonly indexed?: boolean;
  /** Its letters about no version are to be counted. */
  readonly letters?: boolean;
}

/** The records of these documents by `documentKey`, locked until the transaction ends. */
export async function loadRecords(
  trx: Trx,
  wanted: readonly WantedDocument[],
): Promise<Map<string, DocumentRecord>> {
  if (wanted.length === 0) return new Map();
  const missing = namesOf(wanted.filter(({ create }) => create));
  if (missing.length > 0) await createDocuments(trx, missing);
  const names = await hold(trx, namesOf(wanted));
  const found = names.length > 0 ? await documentsWithVersions(trx, names, wanted) : [];
  const failed = found.flatMap(({ versions }) => versions.filter(({ state }) => state === 'dead-lettered'));
  const letters = failed.length > 0 ? await lettersOf(trx, failed) : [];
  const lettersByDocument = Map.groupBy(letters, keyOf);
  const counted = namesOf(wanted.filter((one) => one.letters));
  const times = counted.length > 0 ? await timesOfPushedLetters(trx, counted) : [];
  const timesByDocument = Map.groupBy(times, keyOf);
  return new Map(
    found.map(({ row, versions }) => {
      const key = documentKey(row);
      const saidAt = (timesByDocument.get(key) ?? []).map((letter) => letter.said_at);
      return [key, assemble(row, versions, lettersByDocument.get(key) ?? [], saidAt)];
    }),
  );
}

const keyOf = ({ tenant, document }: Pick<LetterRow, 'tenant' | 'document'>): string =>
  documentKey({ tenant, document: document ?? '' });

const assemble = (
  row: DocumentRow,
  versions: readonly VersionRow[],
  letters: readonly LetterRow[],
  pushedLetters: readonly number[],
): DocumentRecord =>
  new DocumentRecord(
    row,
    new Map(versions.map((version) => [version.version, version])),
    new Map(letters.map((letter) => [letter.id, letter])),
    pushedLetters,
  );

const hold = (trx: Trx, names: readonly DocumentName[]): Promise<readonly DocumentName[]> =>
  held(
    trx,
    names,
    trx
      .selectFrom('documents')
      .select(['tenant', 'document'])
      .where(named('documents', names))
      .orderBy('tenant')
      .orderBy('document'),
  );

/** Each once, in one order for all, so that two transactions never wait for each other. */
const namesOf = (wanted: readonly WantedDocument[]): DocumentName[] =>
  [...new Map(wanted.map((name) => [documentKey(name), name])).values()].sort(inOrder);

const inOrder = (a: DocumentName, b: DocumentName): number => (documentKey(a) < documentKey(b) ? -1 : 1);

async function createDocuments(trx: Trx, names: readonly DocumentName[]): Promise<void> {
  const empty = { version: 0, state: 'accepted', operation: 'upsert', accepted_at: 0 } as const;
  await trx
    .insertInto('documents')
    .values(names.map(({ tenant, document }) => ({ tenant, document, ...empty })))
    .onConflict((conflict) => conflict.columns(['tenant', 'document']).doNothing())
    .execute();
}

interface Found {
  readonly row: DocumentRow;
  readonly versions: VersionRow[];
}

/** One question for both tables: a trip to the database costs more than a row that comes twice. */
async function documentsWithVersions(
  trx: Trx,
  names: readonly DocumentName[],
  wanted: readonly WantedDocument[],
): Promise<Found[]> {
  const rows = await trx
    .selectFrom('documents')
    .leftJoin('versions', (join) =>
      join
        .onRef('versions.tenant', '=', 'documents.tenant')
        .onRef('versions.document', '=', 'documents.document')
        .on((version) => version.or([alwaysRead, ...wanted.flatMap((one) => alsoRead(one, wanted))])),
    )
    .select(documentColumns)
    .selectAll('versions')
    .where(named('documents', names))
    .orderBy('versions.version')
    .execute();
  return [
    ...Map.groupBy(rows, ({ d_tenant: tenant, d_document: document }) => documentKey({ tenant, document })),
  ].map(([, group]) => ({ row: documentIn(group[0]!), versions: group.flatMap(versionIn) }));
}

const documentColumns = [
  'documents.tenant as d_tenant',
  'documents.document as d_document',
  'documents.version as d_version',
  'documents.state as d_state',
  'documents.operation as d_operation',
  'documents.content_hash as d_content_hash',
  'documents.accepted_at as d_accepted_at',
  'documents.live_version as d_live_version',
  'documents.events_json as d_events_json',
  'documents.place_json as d_place_json',
] as const;

type JoinedRow = { readonly [C in keyof DocumentRow as `d_${C}`]: DocumentRow[C] } & {
  readonly [C in keyof VersionRow]: VersionRow[C] | null;
};

const documentIn = (row: JoinedRow): DocumentRow => ({
  tenant: row.d_tenant,
  document: row.d_document,
  version: row.d_version,
  state: row.d_state,
  operation: row.d_operation,
  content_hash: row.d_content_hash,
  accepted_at: row.d_accepted_at,
  live_version: row.d_live_version,
  events_json: row.d_events_json,
  place_json: row.d_place_json,
});

/** Of a document without versions the join makes one row, whose version is empty. */
function versionIn(row: JoinedRow): VersionRow[] {
  if (row.version === null) return [];
  const own = Object.entries(row).filter(([column]) => !column.startsWith('d_'));
  return [Object.fromEntries(own) as unknown as VersionRow];
}

const alwaysRead = sql<boolean>`versions.version in (documents.version, documents.live_version)`;

function alsoRead(
  { tenant, document, version, upTo }: WantedDocument,
  wanted: readonly WantedDocument[],
): RawBuilder<boolean>[] {
  const own = sql<boolean>`versions.tenant = ${tenant} and versions.document = ${document}`;
  const clauses: RawBuilder<boolean>[] = [];
  if (version !== undefined) clauses.push(sql`(${own} and versions.version = ${version})`);
  if (upTo === 'giving-way') {
    const more = wanted.filter((other) => other.upTo === upTo && isSame(other, { tenant, document })).length;
    const [each, last] = [sql.lit(remembered), sql`documents.version + ${sql.lit(more)}`];
    clauses.push(
      sql`(${own} and (${last}) / ${each} > documents.version / ${each} and versions.version <= ((${last}) / ${each} - 1) * ${each})`,
    );
  } else if (upTo !== undefined) clauses.push(sql`(${own} and versions.version <= ${upTo})`);
  return clauses;
}

const isSame = (one: DocumentName, other: DocumentName): boolean => documentKey(one) === documentKey(other);

const lettersOf = (trx: Trx, names: readonly DocumentName[]): Promise<LetterRow[]> =>
  trx
    .selectFrom('dead_letters')
    .selectAll()
    .where(named('dead_letters', names))
    .where('version', 'is not', null)
    .execute();

const timesOfPushedLetters = (trx: Trx, names: readonly DocumentName[]) =>
  trx
    .selectFrom('dead_letters')
    .select(['tenant', 'document', lettersSaidAt.as('said_at')])
    .where(named('dead_letters', names))
    .where('version', 'is', null)
    .execute();

/** Rows of these documents. */
export function named<T extends 'documents' | 'dead_letters' | 'index_sightings' | 'index_arrears'>(
  table: T,
  names: readonly DocumentName[],
) {
  const byTenant = [...Map.groupBy(names, ({ tenant }) => tenant)];
  return <From extends keyof Schema>(row: ExpressionBuilder<Schema, From>) =>
    row.or(
      byTenant.map(([tenant, group]) =>
        row.and([
          row(`${table}.tenant` as never, '=', tenant as never),
          row(`${table}.document` as never, 'in', group.map(({ document }) => document) as never),
        ]),
      ),
    );
}
