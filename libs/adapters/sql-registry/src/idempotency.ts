import type { NewVersion } from '@millrace/ports';
import type { Selectable, Transaction } from 'kysely';
import { lockedIfFree } from './dialects.ts';
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
/** Old keys that go with a new one, at most: faster than they come, and never a long wait. */
const swept = 500;

export const claimOf = ({ tenant, document, at, idempotency }: NewVersion): KeyClaim | undefined =>
  idempotency && { tenant, document, at, ...idempotency };

export const keyOf = ({ tenant, key }: { tenant: string; key: string }): string => `${tenant}/${key}`;

/** Finds or makes the rows of these keys and locks them: another request with one of them waits for the answer. */
export async function holdKeys(
  trx: Transaction<Schema>,
  claims: readonly KeyClaim[],
): Promise<Map<string, IdempotencyRow>> {
  if (claims.length === 0) return new Map();
  const before = Math.max(...claims.map(({ at }) => at)) - keptMs;
  await sweep(trx, before);
  const first = new Map(claims.toReversed().map((claim) => [keyOf(claim), newRow(claim)]));
  const rows = await trx
    .insertInto('idempotency_keys')
    .values([...first].sort(byKey).map(([, row]) => row))
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'key']).doUpdateSet((row) => ({ tenant: row.ref('excluded.tenant') })),
    )
    .returningAll()
    .execute();
  return new Map(
    rows.map((row) => [keyOf(row), row.at < before ? (first.get(keyOf(row)) ?? row) : row] as const),
  );
}

const newRow = ({ tenant, key, requestHash, document, at }: KeyClaim): IdempotencyRow => ({
  ...{ tenant, key, request_hash: requestHash, at, document },
  ...{ version: null, state: null },
});

/** In one order for all, so that two transactions never wait for each other. */
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Forgets keys of before a time; those that another transaction holds are left to the next sweep. */
async function sweep(trx: Transaction<Schema>, before: number): Promise<void> {
  const old = trx
    .selectFrom('idempotency_keys')
    .select(['tenant', 'key'])
    .where('at', '<', before)
    .orderBy('at')
    .limit(swept);
  const names = await lockedIfFree(trx, old).execute();
  if (names.length > 0)
    await trx
      .deleteFrom('idempotency_keys')
      .where((row) => row.or(names.map((name) => row.and(name))))
      .execute();
}

/** Writes the answers, and gives back the keys whose request was not carried out. */
export async function saveKeys(trx: Transaction<Schema>, rows: readonly IdempotencyRow[]): Promise<void> {
  for (const { tenant, key, ...answer } of rows)
    if (answer.version === null)
      await trx.deleteFrom('idempotency_keys').where('tenant', '=', tenant).where('key', '=', key).execute();
    else
      await trx
        .updateTable('idempotency_keys')
        .set(answer)
        .where('tenant', '=', tenant)
        .where('key', '=', key)
        .execute();
}
