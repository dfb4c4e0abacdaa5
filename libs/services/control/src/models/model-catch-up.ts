import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  documentKey,
  events,
  switchingWith,
  type DocumentVersion,
  type ModelPlan,
} from '@millrace/contracts';
import { CLOCK, REGISTRY, type Arrear, type Clock, type Registry } from '@millrace/ports';
import { Caller, EventPublisher } from '@millrace/platform';
import { Backlog } from '../backlog.ts';
import { ModelIndexes } from './model-indexes.ts';

/** How often it is looked for what did not come. */
const everyMs = 1_000;
/** So long it may take, for each time that it was asked for. */
const patienceMs = 20_000;
/** Asked for so often, a document that the back-fill found holds it up no more. */
export const mostAsks = 6;
/** Documents in one step. */
const atOnce = 64;
/** Steps in which what was held is let go, in one look. */
const mostSteps = 64;

/** Makes good what a model's index should have got and did not: its vectors are asked for again, ever less often. */
@Injectable()
export class ModelCatchUp {
  private lookedAt = 0;

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Backlog) private readonly backlog: Backlog,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(ModelIndexes) private readonly indexes: ModelIndexes,
  ) {}

  /** An index that cannot be looked into keeps no other from being made good. */
  async lookAgain(plan: ModelPlan): Promise<void> {
    const now = this.clock.now();
    if (now - this.lookedAt < everyMs) return;
    this.lookedAt = now;
    await this.release(plan);
    const before = now - (await this.backlog.oldestAgeMs());
    const due = await this.registry.arrears.due(before, patienceMs, atOnce);
    const failures: unknown[] = [];
    for (const [model, arrears] of Map.groupBy(due, (one) => one.model))
      await this.makeGood(plan, model, arrears).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  /** What was held while a switch waited that came to nothing is in the index of the model that serves: that is enough. */
  private async release(plan: ModelPlan): Promise<void> {
    const { serving } = plan;
    for (let step = 0; step < mostSteps; step++) {
      if (switchingWith(plan, this.clock.now()).length > 0) return;
      const held = await this.registry.arrears.held(serving, atOnce);
      const told = await Promise.all(held.map((version) => this.arrived(version, serving)));
      if (held.length < atOnce || !told.includes(true)) return;
    }
  }

  /** Those that the model's index has neither in that version nor in a newer one. */
  async lacking<T extends DocumentVersion>(
    plan: ModelPlan,
    name: string,
    versions: readonly T[],
  ): Promise<T[]> {
    const { collection } = await this.indexes.of(plan, name);
    const lacking: T[] = [];
    for (const [tenant, own] of Map.groupBy(versions, (version) => version.tenant)) {
      const asked = own.map(({ document, version }) => ({ document, version }));
      const { missing } = await this.caller.call(calls.missingVersions, {
        ...{ collection, tenant, versions: asked },
      });
      const names = new Set(missing);
      lacking.push(...own.filter(({ document }) => names.has(document)));
    }
    return lacking;
  }

  private async makeGood(plan: ModelPlan, model: string, arrears: readonly Arrear[]): Promise<void> {
    const at = this.clock.now();
    const lacking = await this.lacking(plan, model, arrears);
    const names = new Set(lacking.map(documentKey));
    for (const { tenant, document, version } of arrears)
      if (!names.has(documentKey({ tenant, document })))
        await this.arrived({ tenant, document, version }, model);
    const again = lacking.map((wanted) => this.events.forOutbox(events.vectorsWanted, wanted));
    await this.registry.arrears.askAgain(lacking, at, again);
  }

  private arrived(version: DocumentVersion, model: string): Promise<boolean> {
    const step = { ...version, at: this.clock.now(), state: 'indexed', models: [model] } as const;
    return this.registry.documents.advance(step);
  }
}
