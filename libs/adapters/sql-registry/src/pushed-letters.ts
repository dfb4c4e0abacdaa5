import type { DeadLetterRecord, DocumentName } from '@millrace/ports';
import { sql, type Transaction } from 'kysely';
import { lockedIfFree } from './dialects.ts';
import type { LetterRow } from './document-record.ts';
import type { Schema } from './schema.ts';

type Trx = Transaction<Schema>;

// Letters about no version. The record of one may come again after the letter is gone: its id is known for longer than a
// record stays in the log, so that it is not written anew.

const rememberMs = 30 * 24 * 3_600_000;
/** Old ids that go with a new one, at most: faster than they come, and never a long wait. */
const swept = 500;

export const lettersSaidAt = sql<number>`coalesce(${sql.ref('said_at')}, ${sql.ref('at')})`;

/** As it came first. False when it is gone. */
export async function keepPushedLetter(trx: Trx, row: LetterRow): Promise<boolean> {
  const { id } = row;
  await trx
    .insertInto('dead_letters')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  // Looked for afterwards: the insert waits for whoever is just dropping it.
  const gone = await trx
    .deleteFrom('dead_letters')
    .where('id', 'in', trx.selectFrom('dropped_letters').select('id').where('id', '=', id))
    .returning('id')
    .execute();
  return gone.length === 0;
}

/** To be sent. False when it is not there as it was read. */
export async function dropPushedLetter(
  trx: Trx,
  { id, at: writtenAt }: Pick<DeadLetterRecord, 'id' | 'at'>,
  at: number,
): Promise<boolean> {
  const dropped = await trx
    .deleteFrom('dead_letters')
    .where('id', '=', id)
    .where('at', '=', writtenAt)
    .returning('place')
    .execute();
  for (const { place } of dropped) await rememberDropped(trx, { id, place }, at);
  return dropped.length > 0;
}

export async function erasePushedLetters(
  trx: Trx,
  { tenant, document }: DocumentName,
  saidUpTo: number,
): Promise<void> {
  await trx
    .insertInto('dropped_letters')
    .columns(['id', 'at', 'place'])
    .expression((from) =>
      from
        .selectFrom('dead_letters')
        .select(['id', sql<number>`cast(${saidUpTo} as bigint)`.as('at'), 'place'])
        .where('tenant', '=', tenant)
        .where('document', '=', document)
        .where('version', 'is', null)
        .where(lettersSaidAt, '<=', saidUpTo),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await forgetDropped(trx, saidUpTo);
  await trx
    .deleteFrom('dead_letters')
    .where('tenant', '=', tenant)
    .where('document', '=', document)
    .where('version', 'is', null)
    .where(lettersSaidAt, '<=', saidUpTo)
    .execute();
}

/** True when a delete of the document that is over was said since. */
export async function isErased(trx: Trx, name: DocumentName, saidAt: number): Promise<boolean> {
  const deleted = await trx
    .selectFrom('versions')
    .select('version')
    .where('tenant', '=', name.tenant)
    .where('document', '=', name.document)
    .where('operation', '=', 'delete')
    .where('state', '=', 'deleted')
    .where(sql<number>`coalesce(said_at, accepted_at)`, '>=', saidAt)
    .limit(1)
    .executeTakeFirst();
  return deleted !== undefined;
}

export async function rememberDropped(
  trx: Trx,
  { id, place }: Pick<LetterRow, 'id' | 'place'>,
  at: number,
): Promise<void> {
  await trx
    .insertInto('dropped_letters')
    .values({ id, at, place })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await forgetDropped(trx, at);
}

async function forgetDropped(trx: Trx, now: number): Promise<void> {
  const old = trx
    .selectFrom('dropped_letters')
    .select('id')
    .where('at', '<', now - rememberMs)
    .orderBy('at')
    .limit(swept);
  await trx.deleteFrom('dropped_letters').where('id', 'in', lockedIfFree(trx, old)).execute();
}
