import type { DocumentVersion } from '@millrace/contracts';
import type { Arrear, Arrears, DocumentName, OutboxEvent } from '@millrace/ports';
import { sql, type Kysely } from 'kysely';
import { named } from './load-records.ts';
import { saveEvents } from './save-records.ts';
import type { Schema } from './schema.ts';

export class SqlArrears implements Arrears {
  constructor(private readonly db: Kysely<Schema>) {}

  async count(model: string, filled?: { readonly asks: number }): Promise<number> {
    let query = live(this.db).where('a.model', '=', model);
    if (filled) query = query.where('a.fill', '=', 1).where('a.asks', '<=', filled.asks);
    const row = await query
      .select((each) => each.fn.countAll<number | string>().as('documents'))
      .executeTakeFirstOrThrow();
    return Number(row.documents);
  }

  async among(model: string, names: readonly DocumentName[]): Promise<DocumentName[]> {
    if (names.length === 0) return [];
    return this.db
      .selectFrom('index_arrears')
      .select(['tenant', 'document'])
      .where('model', '=', model)
      .where(named('index_arrears', names))
      .execute();
  }

  async due(before: number, pauseMs: number, limit: number): Promise<Arrear[]> {
    const rows = await live(this.db)
      .innerJoin('versions as v', (join) =>
        join
          .onRef('v.tenant', '=', 'a.tenant')
          .onRef('v.document', '=', 'a.document')
          .onRef('v.version', '=', 'a.version'),
      )
      .select(['a.model', 'a.tenant', 'a.document', 'a.version', 'a.fill', 'v.parsed', 'v.chunks'])
      .where('v.parsed', 'is not', null)
      .where(sql<boolean>`a.asked_at + a.asks * ${sql.lit(pauseMs)} < ${before}`)
      .orderBy('a.asked_at')
      .limit(limit)
      .execute();
    return rows.map(({ fill, parsed, ...row }) => ({ ...row, fill: fill === 1, parsed: parsed! }));
  }

  held(model: string, limit: number): Promise<DocumentVersion[]> {
    return this.db
      .selectFrom('index_sightings')
      .select(['tenant', 'document', 'version'])
      .where('model', '=', model)
      .limit(limit)
      .execute();
  }

  async askAgain(arrears: readonly Arrear[], at: number, events: readonly OutboxEvent[]): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      for (const { model, tenant, document, version } of arrears)
        await trx
          .updateTable('index_arrears')
          .set((row) => ({ asks: row('asks', '+', 1), asked_at: at }))
          .where('tenant', '=', tenant)
          .where('document', '=', document)
          .where('model', '=', model)
          .where('version', '=', version)
          .execute();
      await saveEvents(trx, events);
    });
  }
}

/** Of documents that are not being deleted: those keep nothing from serving, for they are taken out of every index. */
export const live = (db: Kysely<Schema>) =>
  db
    .selectFrom('index_arrears as a')
    .innerJoin('documents as d', (join) =>
      join
        .onRef('d.tenant', '=', 'a.tenant')
        .onRef('d.document', '=', 'a.document')
        .onRef('d.live_version', '=', 'a.version'),
    )
    .where('d.operation', '=', 'upsert');
