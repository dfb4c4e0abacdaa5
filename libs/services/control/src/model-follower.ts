import { Inject, Injectable } from '@nestjs/common';
import { activeModels, calls, collectionOf, events, type EventData } from '@millrace/contracts';
import { REGISTRY, type Registry } from '@millrace/ports';
import { Caller, EventPublisher, HandleEvent } from '@millrace/platform';
import { ModelPlans } from './model-plans.ts';

type Indexed = EventData<typeof events.documentIndexed>;

/** What was indexed by one model is wanted by the others of the plan: so each stays up to date, whichever serves. */
@Injectable()
export class ModelFollower {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(ModelPlans) private readonly plans: ModelPlans,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleEvent(events.documentIndexed, { group: 'control.models', keysAtOnce: 8 })
  async indexed({ tenant, document, version, outcome, chunks, collection, parsed }: Indexed): Promise<void> {
    if (outcome !== 'published' || chunks === 0) return;
    const plan = await this.plans.lately();
    if (!plan) return;
    const others = await this.othersThan(collection, activeModels(plan));
    if (others.length === 0) return;
    const kept = await this.registry.documents.versions(tenant, document);
    const own = kept.find((entry) => entry.version === version);
    const text = parsed ?? own?.parsed;
    if (!own || text === undefined || kept.at(-1)?.operation === 'delete') return;
    for (const model of others)
      await this.events.publish(events.vectorsWanted, {
        ...{ tenant, document, version, parsed: text, chunks, model },
      });
  }

  private async othersThan(collection: string, names: readonly string[]): Promise<string[]> {
    const described = await Promise.all(
      names.map((model) => this.caller.call(calls.describeModel, { model }, { lane: 'bulk' })),
    );
    return described.filter(({ model }) => collectionOf(model) !== collection).map(({ name }) => name);
  }
}
