import { givenUpHeader } from '@millrace/contracts';
import type { OutboxEvent } from '@millrace/ports';
import type { Kysely } from 'kysely';
import { textColumn } from './dialects.ts';
import type { Schema } from './schema.ts';

/** Read whole, and there may be a megabyte of each. */
const atOnce = 16;

/** Letters get the place of their message in their document's history, and documents the place they have come to in the log. */
export async function addPlacesOfLetters(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('documents').addColumn('place_json', textColumn(db)).execute();
  await db.schema.alterTable('dead_letters').addColumn('said_at', 'bigint').execute();
  await db.schema
    .createTable('dropped_letters')
    .addColumn('id', textColumn(db), (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('dropped_letters_by_age').on('dropped_letters').columns(['at']).execute();
  await fillPlaces(db);
}

async function fillPlaces(db: Kysely<Schema>): Promise<void> {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('dead_letters')
      .select(['id', 'at', 'replay_json'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(atOnce)
      .execute();
    for (const { id, at, replay_json: replay } of rows)
      await db
        .updateTable('dead_letters')
        .set({ said_at: givenUpAt(replay) ?? at })
        .where('id', '=', id)
        .execute();
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}

function givenUpAt(replay: string): number | undefined {
  const at = Date.parse((JSON.parse(replay) as OutboxEvent).headers[givenUpHeader] ?? '');
  return Number.isNaN(at) ? undefined : at;
}
