import type { DocumentState, DocumentStatus, ErasureReceipt } from '@millrace/contracts';
import type {
  DocumentName,
  KeptVersion,
  LiveVersion,
  OutboxEvent,
  PageRequest,
  SearchableVersion,
  StalledVersion,
} from '@millrace/ports';
import type { Kysely, Selectable } from 'kysely';
import { openStates, rank } from './states.ts';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;
type Summary = Omit<DocumentStatus, 'history'>;

const newestVersions = (db: Db, tenant: string) =>
  db
    .selectFrom('documents as d')
    .innerJoin('versions as v', (join) =>
      join
        .onRef('v.tenant', '=', 'd.tenant')
        .onRef('v.document', '=', 'd.document')
        .onRef('v.version', '=', 'd.version'),
    )
    .select(['d.document', 'd.version', 'd.state', 'd.live_version'])
    .select(['v.title', 'v.chunks', 'v.reason_code', 'v.reason_message'])
    .where('d.tenant', '=', tenant);

type NewestRow = Awaited<ReturnType<ReturnType<typeof newestVersions>['execute']>>[number];

const toSummary = (row: NewestRow): Summary => ({
  id: row.document,
  version: row.version,
  state: row.state,
  chunks: row.chunks,
  ...(row.title !== null && { title: row.title }),
  ...(row.live_version !== null && { live_version: row.live_version }),
  ...(row.reason_code !== null && { reason: { code: row.reason_code, message: row.reason_message ?? '' } }),
});

/** One query, so that the state is that of the last step in the history. */
export async function status(db: Db, tenant: string, document: string): Promise<DocumentStatus | undefined> {
  const rows = await newestVersions(db, tenant)
    .innerJoin('history as h', (join) =>
      join.onRef('h.tenant', '=', 'd.tenant').onRef('h.document', '=', 'd.document'),
    )
    .select(['h.version as past_version', 'h.state as past_state', 'h.at'])
    .where('d.document', '=', document)
    .execute();
  const [first] = rows;
  return first && { ...toSummary(first), history: toHistory(rows) };
}

type PastState = Pick<Selectable<Schema['history']>, 'at'> & {
  past_version: number;
  past_state: DocumentState;
};

const toHistory = (rows: readonly PastState[]): DocumentStatus['history'] =>
  rows
    .map(({ past_version: version, past_state: state, at }) => ({ version, state, at }))
    .sort((a, b) => a.version - b.version || a.at - b.at || rank[a.state] - rank[b.state])
    .map((step) => ({ ...step, at: new Date(step.at).toISOString() }));

export async function list(
  db: Db,
  tenant: string,
  { cursor, limit, state }: PageRequest,
): Promise<Summary[]> {
  let query = newestVersions(db, tenant).orderBy('d.document').limit(limit);
  if (cursor !== undefined) query = query.where('d.document', '>', cursor);
  if (state !== undefined) query = query.where('d.state', '=', state);
  return (await query.execute()).map(toSummary);
}

export async function receipt(db: Db, tenant: string, document: string): Promise<ErasureReceipt | undefined> {
  const row = await db
    .selectFrom('receipts')
    .select('receipt_json')
    .where('tenant', '=', tenant)
    .where('document', '=', document)
    .executeTakeFirst();
  return row && (JSON.parse(row.receipt_json) as ErasureReceipt);
}

export async function live(db: Db, tenant: string, document: string): Promise<LiveVersion | undefined> {
  const row = await db
    .selectFrom('documents as d')
    .innerJoin('versions as v', (join) =>
      join
        .onRef('v.tenant', '=', 'd.tenant')
        .onRef('v.document', '=', 'd.document')
        .onRef('v.version', '=', 'd.live_version'),
    )
    .select(['v.version', 'v.title', 'v.parsed'])
    .where('d.tenant', '=', tenant)
    .where('d.document', '=', document)
    .executeTakeFirst();
  return row && { version: row.version, title: row.title ?? undefined, parsed: row.parsed ?? undefined };
}

export async function unknownSources(db: Db, sources: readonly string[]): Promise<string[]> {
  if (sources.length === 0) return [];
  const rows = await db.selectFrom('versions').select('source').where('source', 'in', sources).execute();
  const known = new Set(rows.map(({ source }) => source));
  return sources.filter((source) => !known.has(source));
}

export async function versions(db: Db, tenant: string, document: string): Promise<KeptVersion[]> {
  const rows = await db
    .selectFrom('versions')
    .select(['version', 'state', 'operation', 'source', 'parsed', 'accepted_at', 'said_at'])
    .where('tenant', '=', tenant)
    .where('document', '=', document)
    .orderBy('version')
    .execute();
  return rows.map(({ accepted_at: acceptedAt, said_at: saidAt, source, parsed, ...row }) => ({
    tenant,
    document,
    ...row,
    acceptedAt,
    saidAt: saidAt ?? acceptedAt,
    source: source ?? undefined,
    parsed: parsed ?? undefined,
  }));
}

const livingVersions = (db: Db) =>
  db
    .selectFrom('documents as d')
    .innerJoin('versions as v', (join) =>
      join
        .onRef('v.tenant', '=', 'd.tenant')
        .onRef('v.document', '=', 'd.document')
        .onRef('v.version', '=', 'd.live_version'),
    )
    .where('d.operation', '=', 'upsert')
    .where('v.parsed', 'is not', null);

const searchableVersions = (db: Db) =>
  livingVersions(db).select(['d.tenant', 'd.document', 'v.version', 'v.parsed', 'v.chunks', 'v.updated_at']);

type SearchableRow = Awaited<ReturnType<ReturnType<typeof searchableVersions>['execute']>>[number];

const toSearchable = ({ parsed, updated_at: updatedAt, ...row }: SearchableRow): SearchableVersion => ({
  ...row,
  parsed: parsed!,
  updatedAt,
});

export async function allLive(
  db: Db,
  after: DocumentName | undefined,
  limit: number,
): Promise<SearchableVersion[]> {
  let query = searchableVersions(db).orderBy('d.tenant').orderBy('d.document').limit(limit);
  if (after)
    query = query.where((row) =>
      row.or([
        row('d.tenant', '>', after.tenant),
        row.and([row('d.tenant', '=', after.tenant), row('d.document', '>', after.document)]),
      ]),
    );
  return (await query.execute()).map(toSearchable);
}

export async function countLive(db: Db): Promise<number> {
  const { documents } = await livingVersions(db)
    .select((row) => row.fn.countAll<number | string>().as('documents'))
    .executeTakeFirstOrThrow();
  return Number(documents);
}

export async function stalled(db: Db, before: number, limit: number): Promise<StalledVersion[]> {
  const rows = await db
    .selectFrom('versions')
    .select(['tenant', 'document', 'version', 'state', 'updated_at', 'resends', 'resume_json'])
    .where('state', 'in', [...openStates])
    .where('updated_at', '<', before)
    .orderBy('updated_at')
    .limit(limit)
    .execute();
  return rows.map(({ updated_at: updatedAt, resume_json, ...row }) => ({
    ...row,
    updatedAt,
    resume: JSON.parse(resume_json) as OutboxEvent,
  }));
}

export async function unfinished(db: Db, tenant: string, atMost: number): Promise<number> {
  const some = db
    .selectFrom('documents')
    .select('document')
    .where('tenant', '=', tenant)
    .where('state', 'in', openStates)
    .limit(atMost);
  const row = await db
    .selectFrom(some.as('some'))
    .select((each) => each.fn.countAll<number | string>().as('documents'))
    .executeTakeFirstOrThrow();
  return Number(row.documents);
}

export async function counts(db: Db, tenant?: string): Promise<Record<DocumentState, number>> {
  let query = db
    .selectFrom('documents')
    .select((row) => ['state' as const, row.fn.countAll<number | string>().as('documents')])
    .groupBy('state');
  if (tenant !== undefined) query = query.where('tenant', '=', tenant);
  const found = new Map((await query.execute()).map((row) => [row.state, Number(row.documents)]));
  const states = Object.keys(rank) as DocumentState[];
  return Object.fromEntries(states.map((state) => [state, found.get(state) ?? 0])) as Record<
    DocumentState,
    number
  >;
}
