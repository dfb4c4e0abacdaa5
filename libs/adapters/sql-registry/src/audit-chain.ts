import { createHash } from 'node:crypto';
import { chainStart, hashedText, type AuditDetails, type AuditEntry } from '@millrace/contracts';
import type { NewAuditEntry } from '@millrace/ports';
import type { Transaction } from 'kysely';
import { locked } from './dialects.ts';
import type { AuditEntryTable, AuditHeadTable, Schema } from './schema.ts';

/** `once`: unless the chain has an entry of its action and object. */
export type Addition = NewAuditEntry & { readonly once?: true };

/**
 * Puts entries at the ends of their chains. A chain's head is held until the transaction ends, so this comes last in it, and
 * chains are taken in one order: nobody waits for whom it keeps waiting.
 */
export async function appendEntries(trx: Transaction<Schema>, entries: readonly Addition[]): Promise<void> {
  const chains = [...Map.groupBy(entries, ({ tenant }) => tenant)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [tenant, added] of chains) {
    const head = await holdHead(trx, tenant);
    const fresh = await withoutKnown(trx, tenant, added);
    if (fresh.length > 0) await extend(trx, head, fresh);
  }
}

/** The end of a chain, which stays it until the transaction ends. */
async function holdHead(trx: Transaction<Schema>, tenant: string): Promise<AuditHeadTable> {
  const hold = () =>
    locked(trx, trx.selectFrom('audit_heads').selectAll().where('tenant', '=', tenant)).executeTakeFirst();
  const head = await hold();
  if (head) return head;
  const start = { tenant, sequence: 0, hash: chainStart };
  await trx
    .insertInto('audit_heads')
    .values(start)
    .onConflict((conflict) => conflict.column('tenant').doNothing())
    .execute();
  return (await hold()) ?? start;
}

async function withoutKnown(
  trx: Transaction<Schema>,
  tenant: string,
  added: readonly Addition[],
): Promise<readonly Addition[]> {
  const known = new Set<string>();
  const fresh: Addition[] = [];
  for (const entry of added) {
    const { action, object, once } = entry;
    const what = `${action} ${object}`;
    if (once && (known.has(what) || (await isThere(trx, { tenant, action, object })))) continue;
    known.add(what);
    fresh.push(entry);
  }
  return fresh;
}

async function isThere(
  trx: Transaction<Schema>,
  { tenant, action, object }: Pick<NewAuditEntry, 'tenant' | 'action' | 'object'>,
): Promise<boolean> {
  const row = await trx
    .selectFrom('audit_entries')
    .select('sequence')
    .where('tenant', '=', tenant)
    .where('action', '=', action)
    .where('object', '=', object)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function extend(
  trx: Transaction<Schema>,
  head: AuditHeadTable,
  added: readonly NewAuditEntry[],
): Promise<void> {
  const entries: AuditEntry[] = [];
  for (const entry of added) entries.push(linked(entry, entries.at(-1) ?? head));
  await trx.insertInto('audit_entries').values(entries.map(toRow)).execute();
  const { sequence, hash } = entries.at(-1)!;
  await trx.updateTable('audit_heads').set({ sequence, hash }).where('tenant', '=', head.tenant).execute();
}

function linked(
  { tenant, at, actor, action, object, outcome, details }: NewAuditEntry,
  before: Pick<AuditEntry, 'sequence' | 'hash'>,
): AuditEntry {
  const entry = {
    ...{ tenant, sequence: before.sequence + 1, at: new Date(at).toISOString() },
    ...bounded({ actor, object, details }),
    ...{ action, outcome, previous: before.hash },
  };
  return { ...entry, hash: createHash('sha256').update(hashedText(entry)).digest('hex') };
}

export const toEntry = ({ at, actor_json, details_json, ...row }: AuditEntryTable): AuditEntry => ({
  ...row,
  at: new Date(at).toISOString(),
  actor: JSON.parse(actor_json) as AuditEntry['actor'],
  details: JSON.parse(details_json) as AuditDetails,
});

const toRow = ({
  tenant,
  sequence,
  at,
  actor,
  action,
  object,
  outcome,
  ...entry
}: AuditEntry): AuditEntryTable => ({
  ...{ tenant, sequence, at: Date.parse(at), actor_json: JSON.stringify(actor), action, object, outcome },
  ...{ details_json: JSON.stringify(entry.details), previous: entry.previous, hash: entry.hash },
});

const longestText = 256;
const mostItems = 64;

/** As it is stored and hashed: what both databases and all languages write alike. */
function bounded<T>(value: T): T {
  return bound(value) as T;
}

function bound(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, longestText).toWellFormed().replaceAll('\0', '\uFFFD');
  if (Array.isArray(value)) return value.slice(0, mostItems).map(bound);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, of]) => (of === undefined ? [] : [[name, bound(of)]])),
  );
}
