import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  collectionOf,
  events,
  MillraceError,
  type ModelIndex,
  type ModelPlan,
} from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry, type SearchableVersion } from '@millrace/ports';
import { Caller, EventPublisher } from '@millrace/platform';
import { ModelCatchUp } from './model-catch-up.ts';
import { isoAt } from './plan-switches.ts';

/** Documents that are looked for in every index. */
const sampled = 64;
const pageSize = 1_000;

interface Found {
  readonly name: string;
  readonly index: ModelIndex;
  /** Of the documents looked for. */
  readonly missing: number;
}

/**
 * Notes by which model the documents were embedded, as soon as there are any, where no plan says so yet: the one whose index
 * has them. From then on a setting that names another model hides nothing. Where it had done so before, and there are
 * documents in several indexes, the others go and what lay in them alone is embedded again.
 */
@Injectable()
export class FirstPlan {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(ModelCatchUp) private readonly catchUp: ModelCatchUp,
  ) {}

  /** Rejects with `models_missing` where the documents are in no index of a model that is here. */
  async note(): Promise<void> {
    if (await this.registry.modelPlan.read()) return;
    const some = await this.registry.documents.allLive(undefined, sampled);
    if (some.length === 0) return;
    const found = (await this.look(some)).sort((one, other) => one.missing - other.missing);
    const [first, ...others] = found;
    if (!first || first.missing === some.length) throw unknownModel();
    const plan = planOf(first);
    const lacking = others.length === 0 ? [] : await this.lackingIn(plan);
    const at = this.clock.now();
    const model = plan.serving;
    await this.registry.modelPlan.write(plan, 0, {
      lacking: lacking.map((version) => ({ ...version, model })),
      events: [
        ...lacking.map((version) => this.wanted(version, model)),
        ...others.map((one) => this.retired(one)),
      ],
      at,
    });
  }

  /** The indexes that are there; that of the setting's model first. */
  private async look(some: readonly SearchableVersion[]): Promise<Found[]> {
    const { models } = await this.caller.call(calls.listEmbeddingModels, {}, { lane: 'bulk' });
    const found: Found[] = [];
    for (const { name } of models) {
      const index = await this.firstIndexOf(name);
      const missing = index && (await this.missingIn({ name, index }, some));
      if (index && missing !== undefined) found.push({ name, index, missing });
    }
    return found;
  }

  /** Undefined where its files are not whole. */
  private async firstIndexOf(model: string): Promise<ModelIndex | undefined> {
    try {
      const described = await this.caller.call(calls.describeModel, { model }, { lane: 'bulk' });
      const { model: fingerprint, dims } = described;
      return { fingerprint, dims, collection: collectionOf(fingerprint) };
    } catch (error) {
      if (isCode(error, 'models_missing') || isCode(error, 'model_not_found')) return undefined;
      throw error;
    }
  }

  /** Undefined where there is no such index. */
  private async missingIn(
    of: Pick<Found, 'name' | 'index'>,
    some: readonly SearchableVersion[],
  ): Promise<number | undefined> {
    try {
      return (await this.catchUp.lacking(planOf(of), of.name, some)).length;
    } catch (error) {
      if (isCode(error, 'index_missing')) return undefined;
      throw error;
    }
  }

  private async lackingIn(plan: ModelPlan): Promise<SearchableVersion[]> {
    const lacking: SearchableVersion[] = [];
    for (let after: SearchableVersion | undefined; ;) {
      const page = await this.registry.documents.allLive(after, pageSize);
      if (page.length === 0) return lacking;
      lacking.push(...(await this.catchUp.lacking(plan, plan.serving, page)));
      after = page.at(-1);
    }
  }

  private wanted({ tenant, document, version, parsed, chunks }: SearchableVersion, model: string) {
    const which = { tenant, document, version, parsed, chunks, model };
    return this.events.forOutbox(events.vectorsWanted, { ...which, fill: true });
  }

  private retired({ name, index: { fingerprint: model, collection } }: Found) {
    const at = isoAt(this.clock.now());
    return this.events.forOutbox(events.modelRetired, { name, model, collection, at });
  }
}

const planOf = ({ name, index }: Pick<Found, 'name' | 'index'>): ModelPlan => ({
  serving: name,
  indexes: { [name]: index },
});

const isCode = (error: unknown, code: MillraceError['code']): boolean =>
  error instanceof MillraceError && error.code === code;

const unknownModel = (): MillraceError =>
  new MillraceError('models_missing', {
    detail:
      'the documents were embedded by a model that is not here: put its files back, or its name into MILLRACE_MODELS_EMBEDDING',
  });
