import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  activeModels,
  calls,
  events,
  MillraceError,
  type AuditActor,
  type JudgedQuestion,
  type ModelPlan,
  type NextModel,
} from '@millrace/contracts';
import {
  CLOCK,
  REGISTRY,
  type AlongWithPlan,
  type Clock,
  type NewAuditEntry,
  type OutboxEvent,
  type Registry,
} from '@millrace/ports';
import { Caller, EventPublisher, type SettingsOf } from '@millrace/platform';
import { operatorTenant } from '../admin-scope.ts';
import { controlSettings } from '../control-settings.ts';
import { FirstPlan } from './first-plan.ts';
import { judgementsFor, JudgementStore } from './judgement-store.ts';
import { isComplete, ModelIndexes } from './model-indexes.ts';
import { besideThat, comparedAnew, isJudgedBeside, refusalOf } from './next-model.ts';
import { isoAt, withClaim, withoutClaim, withoutOver, withSwitchFrom } from './plan-switches.ts';

const hourMs = 3_600_000;
const recentMs = 1_000;
/** How often a switch that waits tries again. */
const againMs = 100;
/** Documents that may be missing when a switch by itself begins to wait for them. */
const fewBehind = 256;
/** Others may write in between: each try reads anew. */
const attempts = 20;

interface Change {
  readonly plan: ModelPlan;
  readonly events?: readonly OutboxEvent[];
  /** What somebody decided by it. */
  readonly deed?: Deed;
}

type Deed = Pick<NewAuditEntry, 'action' | 'object' | 'details'>;

/** What nobody asked for: the switch when the next model is ready, the end of the way back. */
const byItself: AuditActor = { name: 'models' };

/** Of the plan as it is in the registry, and its revision: 0 before the first. */
type PlanStep = (plan: ModelPlan, revision: number) => Promise<Change | undefined> | Change | undefined;

/** The plan of embedding models and the steps that it can take, each in one transaction with its event and its audit entry. */
@Injectable()
export class ModelPlans {
  private known: { readonly plan: Promise<ModelPlan | null>; readonly at: number } | undefined;

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(JudgementStore) private readonly judgements: JudgementStore,
    @Inject(ModelIndexes) private readonly indexes: ModelIndexes,
    @Inject(FirstPlan) private readonly first: FirstPlan,
    @Inject(controlSettings.token) private readonly settings: SettingsOf<typeof controlSettings>,
  ) {}

  /** Null while none was ever switched. */
  async read(): Promise<ModelPlan | null> {
    return (await this.registry.modelPlan.read())?.plan ?? null;
  }

  /** The same, at most a second old. */
  async lately(): Promise<ModelPlan | null> {
    const now = performance.now();
    if (!this.known || now - this.known.at > recentMs) this.known = { plan: this.read(), at: now };
    return this.known.plan.catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
  }

  /** Without a plan what is served by default. */
  async current(): Promise<ModelPlan> {
    return (await this.read()) ?? { serving: (await this.caller.call(calls.describeModel, {})).name };
  }

  /**
   * Rejects with `model_not_found`, `models_missing`, and `model_not_ready` while another is being prepared, or when one of
   * another name makes the same vectors: there is nothing to switch. Where its file is another than it was prepared by, its
   * index is given up for a new one; that of the model that serves as well, which then fills while it serves.
   * @param hold without: as was said before, or not
   */
  async prepare(
    model: string,
    {
      hold,
      judgements,
    }: { readonly hold?: boolean | undefined; readonly judgements?: readonly JudgedQuestion[] | undefined },
    by = byItself,
  ): Promise<ModelPlan> {
    await this.first.note().catch(goOnWithoutFiles);
    await this.refuseTwin(model);
    await this.giveUpReplaced(model, by);
    const judged_as = judgements && (await this.judgements.keep(judgements));
    const judged = judgements && { judged: judgements.length };
    const started_at = this.now();
    const documents = await this.registry.documents.countLive();
    const step: PlanStep = async (plan, revision) => {
      const isRebuilt = await this.hasToBeRebuilt(plan, model, revision);
      if (plan.serving === model && !isRebuilt) return undefined;
      const known = plan.next?.model === model ? plan.next : undefined;
      const wish = { hold: hold ?? known?.hold ?? false, ...judged };
      const named = { ...wish, ...(judged_as !== undefined && { judged_as }) };
      const deed = deedOf('model.prepare', model, wish);
      if (known) {
        const isOutdated = known.phase !== 'filling' && (judgements || known.why === 'file_replaced');
        const next = isOutdated ? { ...comparedAnew(known, this.clock.now()), documents } : known;
        return { plan: { ...plan, next: { ...next, ...named } }, deed };
      }
      if (plan.next) throw notReady(`${plan.next.model} is being prepared: give that up first`);
      if (plan.previous?.model === model)
        throw notReady(`${model} served before and has an index: serve it, or retire it first`);
      const indexes = await this.indexes.make(plan, model, revision + 1);
      const empty = { passes: 0, looked_at: 0, missing: 0, documents };
      const next = { model, phase: 'filling', started_at, ...named, ...empty } as const;
      const gone = isRebuilt ? [await this.retired(plan, model)] : await this.abandoned(plan, model);
      return { plan: { ...plan, next, indexes }, deed, events: gone };
    };
    try {
      return await this.change(step, by);
    } finally {
      if (judged_as !== undefined && (await this.read())?.next?.judged_as !== judged_as)
        await this.judgements.forget(judged_as);
    }
  }

  /** It serves, and no question finds anything: its file is another than its index was made of, or the index is lost. */
  private async hasToBeRebuilt(plan: ModelPlan, model: string, revision: number): Promise<boolean> {
    const index = plan.indexes?.[model];
    if (plan.serving !== model || plan.next || !index || revision === 0) return false;
    return (await this.isReplaced(plan, model)) || !(await this.indexes.isThere(index.collection));
  }

  /** The index of the model that serves has what there is. */
  async endRebuilding(): Promise<void> {
    await this.change(({ next, ...plan }) => (next?.model === plan.serving ? { plan } : undefined));
  }

  private async giveUpReplaced(model: string, by: AuditActor): Promise<void> {
    const plan = await this.read();
    if (plan?.next?.model === model && (await this.isReplaced(plan, model))) await this.retire(model, by);
  }

  isReplaced(plan: ModelPlan, model: string): Promise<boolean> {
    return this.indexes.isReplaced(plan, model);
  }

  /**
   * Rejects with `model_not_ready`, with `models_missing` where questions could not be asked by it, and with `model_behind`
   * when its index does not get in time what is `indexed`. While it waits nothing is called `indexed` before it is in both,
   * so that what it waits for becomes less whatever comes in.
   */
  async serve(model: string, force = false, by = byItself): Promise<ModelPlan> {
    try {
      return await this.switchTo(model, force, by);
    } catch (error) {
      if (!isBehind(error)) throw error;
    }
    const plan = await this.read();
    if (plan) await this.indexes.demandAnswer(plan, model);
    try {
      return await this.waitToSwitch(model, force, by);
    } catch (error) {
      await this.change((plan) => asChange(withoutClaim(plan, model)));
      throw error;
    }
  }

  private async waitToSwitch(model: string, force: boolean, by: AuditActor): Promise<ModelPlan> {
    const deadline = performance.now() + this.settings.modelSwitchSeconds * 1000;
    for (;;)
      try {
        await this.claim(model);
        await pause(againMs);
        return await this.switchTo(model, force, by);
      } catch (error) {
        if (!isBehind(error)) throw error;
        if (performance.now() >= deadline) throw await this.behind(model);
      }
  }

  /** The same without waiting: false while its index is behind. */
  async serveIfReady(model: string): Promise<boolean> {
    try {
      await this.switchTo(model, false, byItself);
      return true;
    } catch (error) {
      if (!isBehind(error)) throw error;
      if ((await this.registry.arrears.count(model)) <= fewBehind) await this.claim(model);
      return false;
    }
  }

  /** In one transaction, in which its index lacks nothing. */
  private switchTo(model: string, force: boolean, by: AuditActor): Promise<ModelPlan> {
    return this.change(async (plan) => {
      if (plan.serving === model) return undefined;
      const { next, previous } = plan;
      await this.demandReady(plan, model, force);
      const now = this.clock.now();
      const until = isoAt(now + this.settings.modelRollbackHours * hourMs);
      const served = { model: plan.serving, until };
      const deed = deedOf('model.serve', model, { from: plan.serving, force });
      const swap = (to: Pick<ModelPlan, 'previous' | 'next'>): ModelPlan =>
        withSwitchFrom({ ...withoutNeighbours(plan), serving: model, ...to }, plan.serving, now);
      // Half an index is no way back.
      if (next?.model === plan.serving)
        return {
          plan: swap({}),
          events: [this.switched(plan.serving, model), await this.retired(plan, plan.serving)],
          deed,
        };
      if (previous?.model === model)
        return {
          plan: swap({ previous: served, ...(next && { next: besideThat(next, model, now) }) }),
          events: [this.switched(plan.serving, model)],
          deed,
        };
      const gone = previous ? [await this.retired(plan, previous.model)] : [];
      const comparison = next?.comparison;
      return {
        plan: swap({ previous: { ...served, ...(comparison && { comparison }) } }),
        events: [this.switched(plan.serving, model, next), ...gone],
        deed,
      };
    }, by);
  }

  /** That its index lacks nothing is for the registry to say, which looks at it last: here only nobody is asked in vain. */
  private async demandReady(plan: ModelPlan, model: string, force: boolean): Promise<void> {
    const { serving, next, previous } = plan;
    if (previous?.model !== model) {
      if (next?.model !== model) throw await this.notPrepared(model);
      if (next.phase === 'filling') throw notReady(`not all documents have vectors of ${model} yet`);
      if (next.phase === 'refused' && !force) throw notReady(refusalOf(next));
      if (!isJudgedBeside(next, serving) && !force)
        throw notReady(`${model} was not compared with ${serving} yet: try again in a minute`);
    }
    if ((await this.registry.arrears.count(model)) > 0) throw new MillraceError('model_behind');
    await this.indexes.demandAnswer(plan, model);
  }

  private async notPrepared(model: string): Promise<MillraceError> {
    await this.indexes.fingerprintOf(model);
    return notReady(`${model} has no vectors of the documents: prepare it first`);
  }

  private claim(to: string): Promise<ModelPlan> {
    return this.change((plan) => asChange(withClaim(plan, to, this.clock.now())));
  }

  private async behind(model: string): Promise<MillraceError> {
    const missing = await this.registry.arrears.count(model);
    return new MillraceError('model_behind', {
      retryAfter: this.settings.modelSwitchSeconds,
      detail: `${missing} documents that are indexed are missing or old in it`,
    });
  }

  /** Gives up the next model or the previous one. Rejects with `model_not_found`. */
  retire(model: string, by = byItself): Promise<ModelPlan> {
    return this.change(async (plan) => {
      const { next, previous } = plan;
      if (next?.model !== model && previous?.model !== model)
        throw new MillraceError('model_not_found', {
          detail: 'it is neither the next model nor the previous',
        });
      const left = {
        ...(next && next.model !== model && { next }),
        ...(previous && previous.model !== model && { previous }),
      };
      return {
        plan: { ...withoutNeighbours(plan), ...left },
        events: model === plan.serving ? [] : [await this.retired(plan, model)],
        deed: deedOf('model.retire', model, { was: next?.model === model ? 'next' : 'previous' }),
      };
    }, by);
  }

  /** Notes in a plan of an older installation where the vectors of its models lie, as far as their files are there. */
  async complete({ plan, revision }: { readonly plan: ModelPlan; readonly revision: number }): Promise<void> {
    if (isComplete(plan)) return;
    const { indexes = {}, ...completed } = await this.indexes.completed(plan);
    if (Object.keys(indexes).length > Object.keys(plan.indexes ?? {}).length)
      await this.registry.modelPlan.write({ ...completed, indexes }, revision);
  }

  /** Moves the next model on; false when the plan has changed since it was read. */
  async moveOn(
    { plan, revision }: { readonly plan: ModelPlan; readonly revision: number },
    next: NextModel,
    along: AlongWithPlan = {},
  ): Promise<boolean> {
    return (await this.registry.modelPlan.write({ ...plan, next }, revision, along)) === 'written';
  }

  private async change(step: PlanStep, actor = byItself): Promise<ModelPlan> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const known = await this.registry.modelPlan.read();
      const { revision = 0 } = known ?? {};
      const plan = await this.indexes.completed(known?.plan ?? (await this.current()));
      const change = await step(plan, revision);
      if (!change) return plan;
      const { events, deed } = change;
      const now = this.clock.now();
      const made = { tenant: operatorTenant, at: now, actor, outcome: 'done' } as const;
      const along = { events, audit: deed && { ...made, ...deed } };
      const changed = withoutOver(withItsIndexes(change.plan), now);
      const written = await this.registry.modelPlan.write(changed, revision, along);
      if (written === 'behind') throw new MillraceError('model_behind');
      if (written === 'overtaken') continue;
      await this.forgetJudgements(plan.next, changed.next);
      return changed;
    }
    throw new MillraceError('queue_full', {
      retryAfter: 1,
      detail: 'the plan of models changes all the time',
    });
  }

  private async forgetJudgements(before: NextModel | undefined, now: NextModel | undefined): Promise<void> {
    if (before?.judged === undefined) return;
    const kept = judgementsFor(before);
    if (!now || judgementsFor(now) !== kept) await this.judgements.forget(kept);
  }

  /** What it left before there was a plan: nobody erases there any more. */
  private async abandoned(plan: ModelPlan, name: string): Promise<OutboxEvent[]> {
    const index = await this.indexes.abandoned(plan, name);
    if (!index) return [];
    const { fingerprint: model, collection } = index;
    return [this.events.forOutbox(events.modelRetired, { name, model, collection, at: this.now() })];
  }

  private async refuseTwin(model: string): Promise<void> {
    const fingerprint = await this.indexes.fingerprintOf(model);
    const { indexes = {} } = await this.indexes.completed(await this.current());
    for (const [active, index] of Object.entries(indexes))
      if (active !== model && index.fingerprint === fingerprint)
        throw notReady(`${model} makes the same vectors as ${active}: there is nothing to switch`);
  }

  private switched(from: string, to: string, next?: NextModel): OutboxEvent {
    const comparison = next?.comparison;
    return this.events.forOutbox(events.modelSwitched, {
      ...{ from, to, at: this.now() },
      ...(comparison && { comparison }),
    });
  }

  private async retired(plan: ModelPlan, name: string): Promise<OutboxEvent> {
    const { fingerprint: model, collection } = await this.indexes.of(plan, name);
    return this.events.forOutbox(events.modelRetired, { name, model, collection, at: this.now() });
  }

  private now(): string {
    return isoAt(this.clock.now());
  }
}

const deedOf = (action: Deed['action'], model: string, details: Deed['details']): Deed => ({
  action,
  object: `model:${model}`,
  details,
});

/** What the documents were embedded by cannot be told: all are embedded by the next one from their texts. */
function goOnWithoutFiles(error: unknown): void {
  if (!(error instanceof MillraceError && error.code === 'models_missing')) throw error;
}

const isBehind = (error: unknown): boolean => error instanceof MillraceError && error.code === 'model_behind';

const asChange = (plan: ModelPlan | undefined): Change | undefined => plan && { plan };

const withoutNeighbours = ({ next: _, previous: __, ...plan }: ModelPlan): ModelPlan => plan;

function withItsIndexes(plan: ModelPlan): ModelPlan {
  const own = activeModels(plan).flatMap((name) => {
    const index = plan.indexes?.[name];
    return index ? [[name, index] as const] : [];
  });
  return { ...plan, indexes: Object.fromEntries(own) };
}

const notReady = (detail: string): MillraceError => new MillraceError('model_not_ready', { detail });
