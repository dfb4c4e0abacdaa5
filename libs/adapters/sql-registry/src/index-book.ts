import {
  activeModels,
  documentKey,
  switchingWith,
  type DocumentVersion,
  type ModelPlan,
} from '@millrace/contracts';
import type { Step } from '@millrace/ports';
import type { Selectable, Transaction } from 'kysely';
import { named, type DocumentName } from './load-records.ts';
import type { ArrearTable, Schema, SightingTable } from './schema.ts';

type Trx = Transaction<Schema>;
type SightingRow = Selectable<SightingTable>;
type ArrearRow = Selectable<ArrearTable>;

/**
 * Which indexes have which versions, for the length of a transaction in which the plan of models stands still. Of a version
 * on its way to `indexed` it knows the models whose index has it; of one that is `indexed`, those whose index lacks it.
 */
export class IndexBook {
  /** By version: models. */
  private readonly seen = new Map<string, Set<string>>();
  private readonly newlySeen: SightingRow[] = [];
  private readonly told: DocumentVersion[] = [];
  private readonly cleared: SightingRow[] = [];
  private readonly arrears = new Map<string, ArrearRow>();

  private constructor(
    /** Undefined while no model was ever switched: then there is one index. */
    private readonly plan: ModelPlan | undefined,
    sightings: readonly SightingRow[],
  ) {
    for (const { model, ...version } of sightings) this.modelsOf(version).add(model);
  }

  /** The plan and the documents are locked. */
  static async load(trx: Trx, names: readonly DocumentName[]): Promise<IndexBook> {
    const row = await trx.selectFrom('model_plan').select('plan_json').where('id', '=', 1).executeTakeFirst();
    if (!row) return new IndexBook(undefined, []);
    const sightings = trx.selectFrom('index_sightings').selectAll().where(named('index_sightings', names));
    return new IndexBook(JSON.parse(row.plan_json) as ModelPlan, await sightings.execute());
  }

  /** Notes where a version has arrived. True when it is in all indexes that it has to be in to be called `indexed`. */
  admits(step: Step, { isTold }: { readonly isTold: boolean }): boolean {
    const { plan } = this;
    if (!plan) return true;
    const { tenant, document, version, models = [plan.serving], at } = step;
    for (const model of models.filter((name) => isIndexOf(plan, name, step.collection))) {
      const row = { model, tenant, document, version };
      this.clear(row);
      if (isTold || this.modelsOf(step).has(model)) continue;
      this.modelsOf(step).add(model);
      this.newlySeen.push(row);
    }
    const needed = [plan.serving, ...switchingWith(plan, at)];
    return isTold || needed.every((model) => this.modelsOf(step).has(model));
  }

  /** Models of the plan whose index is not known to have it. */
  lacking(version: DocumentVersion): string[] {
    return this.plan ? activeModels(this.plan).filter((model) => !this.modelsOf(version).has(model)) : [];
  }

  /** The version is called `indexed` from now on: what lacks it is behind, and is answered. */
  tell({ tenant, document, version, at }: Step): string[] {
    if (!this.plan) return [];
    const own = { tenant, document, version };
    for (const model of this.modelsOf(own)) this.clear({ model, ...own });
    const lacking = this.lacking(own);
    for (const model of lacking)
      this.arrears.set(inIndex({ model, ...own }), { model, ...own, fill: 0, asks: 1, asked_at: at });
    this.told.push(own);
    return lacking;
  }

  async save(trx: Trx): Promise<void> {
    if (this.newlySeen.length > 0)
      await trx
        .insertInto('index_sightings')
        .values(this.newlySeen)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    for (const { tenant, document, version } of this.told)
      await trx
        .deleteFrom('index_sightings')
        .where('tenant', '=', tenant)
        .where('document', '=', document)
        .where('version', '<=', version)
        .execute();
    for (const { model, tenant, document, version } of this.cleared)
      await trx
        .deleteFrom('index_arrears')
        .where('tenant', '=', tenant)
        .where('document', '=', document)
        .where('model', '=', model)
        .where('version', '<=', version)
        .execute();
    await saveArrears(trx, [...this.arrears.values()]);
  }

  /** The index has this version or a newer one. */
  private clear(row: SightingRow): void {
    this.cleared.push(row);
    const own = this.arrears.get(inIndex(row));
    if (own && own.version <= row.version) this.arrears.delete(inIndex(row));
  }

  private modelsOf(version: DocumentVersion): Set<string> {
    const key = `${documentKey(version)}@${version.version}`;
    const models = this.seen.get(key) ?? new Set();
    this.seen.set(key, models);
    return models;
  }
}

/** Not that of a model that was given up, nor what it left when it was prepared before. */
function isIndexOf(plan: ModelPlan, name: string, collection: string | undefined): boolean {
  const own = plan.indexes?.[name]?.collection ?? collection;
  return activeModels(plan).includes(name) && (collection === undefined || collection === own);
}

const inIndex = (row: SightingRow): string => `${documentKey(row)} ${row.model}`;

/** A newer version takes the place of an older one. */
export async function saveArrears(trx: Trx, rows: readonly ArrearRow[]): Promise<void> {
  if (rows.length === 0) return;
  await trx
    .insertInto('index_arrears')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'document', 'model'])
        .doUpdateSet((row) => ({
          version: row.ref('excluded.version'),
          fill: row.ref('excluded.fill'),
          asks: row.ref('excluded.asks'),
          asked_at: row.ref('excluded.asked_at'),
        }))
        .whereRef('index_arrears.version', '<', 'excluded.version'),
    )
    .execute();
}

/** It was erased. */
export async function forgetDocument(trx: Trx, { tenant, document }: DocumentName): Promise<void> {
  for (const table of ['index_sightings', 'index_arrears'] as const)
    await trx.deleteFrom(table).where('tenant', '=', tenant).where('document', '=', document).execute();
}

/** They are kept up to date no more. */
export async function forgetModels(trx: Trx, models: readonly string[]): Promise<void> {
  if (models.length === 0) return;
  for (const table of ['index_sightings', 'index_arrears'] as const)
    await trx.deleteFrom(table).where('model', 'in', models).execute();
}
