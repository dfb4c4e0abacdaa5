import { activeModels, type ModelPlan } from '@millrace/contracts';
import type { AlongWithPlan, ModelPlanRegistry, PlanWritten } from '@millrace/ports';
import type { Kysely, Transaction } from 'kysely';
import { appendEntries } from './audit-chain.ts';
import { lockPlan } from './dialects.ts';
import { forgetModels, saveArrears } from './index-book.ts';
import { saveEvents } from './save-records.ts';
import type { Schema } from './schema.ts';
import { live } from './sql-arrears.ts';

/** The only row. */
const id = 1;

export class SqlModelPlan implements ModelPlanRegistry {
  constructor(private readonly db: Kysely<Schema>) {}

  read(): Promise<{ plan: ModelPlan; revision: number } | undefined> {
    return readPlan(this.db);
  }

  write(
    plan: ModelPlan,
    revision: number,
    { events = [], lacking = [], at = 0, audit }: AlongWithPlan = {},
  ): Promise<PlanWritten> {
    return this.db.transaction().execute(async (trx) => {
      await lockPlan(trx, { alone: true });
      const before = await readPlan(trx);
      if ((before?.revision ?? 0) !== revision) return 'overtaken';
      if (before && plan.serving !== before.plan.serving && (await isBehind(trx, plan.serving)))
        return 'behind';
      await save(trx, plan, revision + 1);
      const active = activeModels(plan);
      if (before)
        await forgetModels(
          trx,
          activeModels(before.plan).filter((model) => !active.includes(model)),
        );
      const found = { fill: 1, asks: 1, asked_at: at };
      await saveArrears(
        trx,
        lacking.map(({ model, tenant, document, version }) => ({
          model,
          tenant,
          document,
          version,
          ...found,
        })),
      );
      await saveEvents(trx, events);
      if (audit) await appendEntries(trx, [audit]);
      return 'written';
    });
  }
}

async function readPlan(db: Kysely<Schema>): Promise<{ plan: ModelPlan; revision: number } | undefined> {
  const row = await db.selectFrom('model_plan').selectAll().where('id', '=', id).executeTakeFirst();
  return row && { plan: JSON.parse(row.plan_json) as ModelPlan, revision: row.revision };
}

async function isBehind(trx: Transaction<Schema>, model: string): Promise<boolean> {
  const row = await live(trx).select('a.document').where('a.model', '=', model).limit(1).executeTakeFirst();
  return row !== undefined;
}

async function save(trx: Transaction<Schema>, plan: ModelPlan, revision: number): Promise<void> {
  const row = { revision, plan_json: JSON.stringify(plan) };
  await trx
    .insertInto('model_plan')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}
