import { Inject, Injectable } from '@nestjs/common';
import { calls, documentKey, events, type DocumentVersion, type ModelPlan } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Arrear, type Clock, type Registry } from '@millrace/ports';
import { Caller, EventPublisher } from '@millrace/platform';
import { Backlog } from './backlog.ts';

/** How often it is looked for what did not come. */
const everyMs = 1_000;
/** So long it may take, for each time that it was asked for. */
const patienceMs = 20_000;
/** Asked for so often, a document that the back-fill found holds it up no more. */
export const mostAsks = 6;
/** Documents in one look. */
const atOnce = 64;

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
  ) {}

  async lookAgain(plan: ModelPlan): Promise<void> {
    const now = this.clock.now();
    if (now - this.lookedAt < everyMs) return;
    this.lookedAt = now;
    await this.release(plan);
    const before = now - (await this.backlog.oldestAgeMs());
    const due = await this.registry.arrears.due(before, patienceMs, atOnce);
    for (const [model, arrears] of Map.groupBy(due, (one) => one.model)) await this.makeGood(model, arrears);
  }

  /** What was held while a switch waited that came to nothing is in the index of the model that serves: that is enough. */
  private async release({ serving, switching }: ModelPlan): Promise<void> {
    if (switching && this.clock.now() < Date.parse(switching.until)) return;
    for (const version of await this.registry.arrears.held(serving, atOnce))
      await this.arrived(version, serving);
  }

  /** Those that the model's index has neither in that version nor in a newer one. */
  async lacking<T extends DocumentVersion>(name: string, versions: readonly T[]): Promise<T[]> {
    const { model, dims } = await this.caller.call(calls.describeModel, { model: name }, { lane: 'bulk' });
    const lacking: T[] = [];
    for (const [tenant, own] of Map.groupBy(versions, (version) => version.tenant)) {
      const asked = own.map(({ document, version }) => ({ document, version }));
      const { missing } = await this.caller.call(calls.missingVersions, {
        ...{ model, dims, tenant, versions: asked },
      });
      const names = new Set(missing);
      lacking.push(...own.filter(({ document }) => names.has(document)));
    }
    return lacking;
  }

  private async makeGood(model: string, arrears: readonly Arrear[]): Promise<void> {
    const at = this.clock.now();
    const lacking = await this.lacking(model, arrears);
    const names = new Set(lacking.map(documentKey));
    for (const { tenant, document, version } of arrears)
      if (!names.has(documentKey({ tenant, document })))
        await this.arrived({ tenant, document, version }, model);
    const again = lacking.map((wanted) => this.events.forOutbox(events.vectorsWanted, wanted));
    await this.registry.arrears.askAgain(lacking, at, again);
  }

  private async arrived(version: DocumentVersion, model: string): Promise<void> {
    const step = { ...version, at: this.clock.now(), state: 'indexed', models: [model] } as const;
    await this.registry.documents.advance(step);
  }
}
