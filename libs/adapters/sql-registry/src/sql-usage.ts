import type { AnswerUsage, UsageQuery, UsageRegistry, UsageSum } from '@millrace/ports';
import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

const parts = ['day', 'tenant', 'model', 'backend', 'outcome'] as const;

export class SqlUsage implements UsageRegistry {
  constructor(private readonly db: Kysely<Schema>) {}

  async add(used: AnswerUsage): Promise<boolean> {
    return this.db.transaction().execute(async (trx) => {
      const added = await trx
        .insertInto('usage_answers')
        .values({ answer: used.answer, at: used.at })
        .onConflict((conflict) => conflict.column('answer').doNothing())
        .returning('answer')
        .execute();
      if (added.length === 0) return false;
      await addToDay(trx, used);
      return true;
    });
  }

  async sums({ tenant, since, until, limit }: UsageQuery): Promise<UsageSum[]> {
    let query = this.db
      .selectFrom('usage_days')
      .selectAll()
      .where('day', '>=', since)
      .where('day', '<=', until)
      .orderBy('day')
      .orderBy('tenant')
      .orderBy('model')
      .orderBy('backend')
      .orderBy('outcome')
      .limit(limit);
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    const rows = await query.execute();
    return rows.map(({ prompt_tokens: promptTokens, completion_tokens: completionTokens, ...row }) => ({
      ...row,
      promptTokens,
      completionTokens,
    }));
  }

  async forget(before: number): Promise<number> {
    const { numDeletedRows } = await this.db
      .deleteFrom('usage_answers')
      .where('at', '<', before)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }
}

async function addToDay(trx: Transaction<Schema>, used: AnswerUsage): Promise<void> {
  const { tenant, model, backend, outcome, at, promptTokens, completionTokens, cost } = used;
  const counted = {
    answers: 1,
    estimated: used.estimated ? 1 : 0,
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    cost,
  };
  await trx
    .insertInto('usage_days')
    .values({ day: new Date(at).toISOString().slice(0, 10), tenant, model, backend, outcome, ...counted })
    .onConflict((conflict) =>
      conflict.columns([...parts]).doUpdateSet((eb) => ({
        answers: eb('usage_days.answers', '+', counted.answers),
        estimated: eb('usage_days.estimated', '+', counted.estimated),
        prompt_tokens: eb('usage_days.prompt_tokens', '+', counted.prompt_tokens),
        completion_tokens: eb('usage_days.completion_tokens', '+', counted.completion_tokens),
        cost: eb('usage_days.cost', '+', counted.cost),
      })),
    )
    .execute();
}
