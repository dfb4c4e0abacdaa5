import type { ModelPlan } from '@millrace/contracts';
import type { ModelPlanRegistry, OutboxEvent } from '@millrace/ports';
import type { Kysely } from 'kysely';
import { saveEvents } from './save-records.ts';
import type { Schema } from './schema.ts';

/** The only row. */
const id = 1;

export class SqlModelPlan implements ModelPlanRegistry {
  constructor(private readonly db: Kysely<Schema>) {}

  async read(): Promise<{ plan: ModelPlan; revision: number } | undefined> {
    const row = await this.db.selectFrom('model_plan').selectAll().where('id', '=', id).executeTakeFirst();
    return row && { plan: JSON.parse(row.plan_json) as ModelPlan, revision: row.revision };
  }

  write(plan: ModelPlan, revision: number, events: readonly OutboxEvent[] = []): Promise<boolean> {
    const row = { revision: revision + 1, plan_json: JSON.stringify(plan) };
    return this.db.transaction().execute(async (trx) => {
      const isOurs = revision === 0 ? await insert(trx, row) : await update(trx, row);
      if (isOurs) await saveEvents(trx, events);
      return isOurs;
    });
  }
}

type Row = Omit<Schema['model_plan'], 'id'>;

async function insert(db: Kysely<Schema>, row: Row): Promise<boolean> {
  const inserted = await db
    .insertInto('model_plan')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  return inserted.length > 0;
}

async function update(db: Kysely<Schema>, row: Row): Promise<boolean> {
  const updated = await db
    .updateTable('model_plan')
    .set(row)
    .where('id', '=', id)
    .where('revision', '=', row.revision - 1)
    .returning('id')
    .execute();
  return updated.length > 0;
}
