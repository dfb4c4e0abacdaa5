import type { NewVersion } from '@millrace/ports';
import type { Selectable, Transaction } from 'kysely';
import type { IdempotencyTable, Schema } from './schema.ts';

/** A request that wants to be carried out once. */
export interface KeyClaim {
  readonly tenant: string;
  readonly key: string;
  readonly requestHash: string;
  readonly document: string;
  readonly at: number;
}

/** Its version and state are null until the request was carried out. */
export type IdempotencyRow = Selectable<IdempotencyTable>;

const keptMs = 24 * 3600 * 1000;

export const claimOf = ({ tenant, document, at, idempotency }: NewVersion): KeyClaim | undefined =>
  idempotency && { tenant, document, at, ...idempotency };

export const keyOf = ({ tenant, key }: { tenant: string; key: string }): string => `${tenant}/${key}`;

/** Finds or makes the rows of these keys and locks them: another request with one of them waits for the answer. */
export async function holdKeys(
  trx: Transaction<Schema>,
  claims: readonly KeyClaim[],
): Promise<Map<string, IdempotencyRow>> {
  if (claims.length === 0) return new Map();
  const latest = Math.max(...claims.map(({ at }) => at));
  await trx
    .deleteFrom('idempotency_keys')
    .where('at', '<', latest - keptMs)
    .execute();
  const first = new Map(claims.toReversed().map((claim) => [keyOf(claim), claim]));
  const rows = await trx
    .insertInto('idempotency_keys')
    .values([...first.values()].map(({ requestHash, ...claim }) => ({ ...claim, request_hash: requestHash })))
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'key']).doUpdateSet((row) => ({ tenant: row.ref('excluded.tenant') })),
    )
    .returningAll()
    .execute();
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Writes the answers, and gives back the keys whose request was not carried out. */
export async function saveKeys(trx: Transaction<Schema>, rows: readonly IdempotencyRow[]): Promise<void> {
  for (const { tenant, key, document, version, state } of rows)
    if (version === null)
      await trx.deleteFrom('idempotency_keys').where('tenant', '=', tenant).where('key', '=', key).execute();
    else
      await trx
        .updateTable('idempotency_keys')
        .set({ document, version, state })
        .where('tenant', '=', tenant)
        .where('key', '=', key)
        .execute();
}
