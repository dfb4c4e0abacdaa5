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
import { operatorTenant } from './admin-scope.ts';
import { controlSettings } from './control-settings.ts';
import { JudgementStore } from './judgement-store.ts';

const hourMs = 3_600_000;
const recentMs = 1_000;
/** How often a switch that waits tries again. */
const againMs = 100;
/** A switch that waits says so for this long, and again when half of it is over: whoever dies meanwhile holds nothing up. */
const claimMs = 20_000;
/** Every replica goes by the plan by then. */
const agreedMs = 2_000;
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
   * another name makes the same vectors: they share an index, which would go with either.
   */
  async prepare(
    model: string,
    {
      hold,
      judgements,
    }: { readonly hold: boolean; readonly judgements?: readonly JudgedQuestion[] | undefined },
    by = byItself,
  ): Promise<ModelPlan> {
    await this.refuseTwin(model);
    if (judgements) await this.judgements.keep(model, judgements);
    const wish = { hold, ...(judgements && { judged: judgements.length }) };
    const started_at = this.now();
    const documents = await this.countDocuments();
    const empty = { passes: 0, looked_at: 0, missing: 0, documents };
    const deed = deedOf('model.prepare', model, wish);
    const step = (plan: ModelPlan): Change | undefined => {
      if (plan.serving === model) return undefined;
      if (plan.next?.model === model) {
        // What was compared without the judgements is compared again.
        const anew =
          judgements &&
          plan.next.phase !== 'filling' &&
          ({ phase: 'filling', pass_at: started_at, ...empty } as const);
        return { plan: { ...plan, next: { ...plan.next, ...wish, ...anew } }, deed };
      }
      if (plan.next) throw notReady(`${plan.next.model} is being prepared: give that up first`);
      if (plan.previous?.model === model) throw notReady('it served before: switch back to it at once');
      return { plan: { ...plan, next: { model, phase: 'filling', started_at, ...wish, ...empty } }, deed };
    };
    try {
      return await this.change(step, by);
    } finally {
      if (judgements && (await this.read())?.next?.model !== model) await this.judgements.forget(model);
    }
  }

  /**
   * Rejects with `model_not_ready`, and with `model_behind` when its index does not get in time what is `indexed`. While it
   * waits nothing is called `indexed` before it is in both, so that what it waits for becomes less whatever comes in.
   */
  async serve(model: string, force = false, by = byItself): Promise<ModelPlan> {
    const deadline = performance.now() + this.settings.modelSwitchSeconds * 1000;
    for (;;)
      try {
        return await this.switchTo(model, force, by);
      } catch (error) {
        if (!isBehind(error)) throw error;
        if (performance.now() >= deadline) return await this.giveUpSwitching(model);
        await this.claim(model);
        await pause(againMs);
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
      const now = this.clock.now();
      const until = isoAt(now + this.settings.modelRollbackHours * hourMs);
      const switching = { with: plan.serving, until: isoAt(now + agreedMs) };
      const deed = deedOf('model.serve', model, { from: plan.serving, force });
      const swapped = { serving: model, previous: { model: plan.serving, until }, switching };
      if (previous?.model === model)
        return {
          plan: { ...swapped, ...(next && { next }) },
          events: [this.switched(plan.serving, model)],
          deed,
        };
      if (next?.model !== model) throw notReady('it has no vectors of the documents: prepare it first');
      if (next.phase === 'filling') throw notReady('not all documents have its vectors yet');
      if (next.phase === 'refused' && !force) throw notReady('it found less than the one that serves');
      const gone = previous ? [await this.retired(previous.model)] : [];
      const { comparison } = next;
      const taken = { ...swapped, previous: { ...swapped.previous, ...(comparison && { comparison }) } };
      return { plan: taken, events: [this.switched(plan.serving, model, next), ...gone], deed };
    }, by);
  }

  private claim(to: string): Promise<ModelPlan> {
    const now = this.clock.now();
    return this.change((plan) => {
      const { switching } = plan;
      if (switching?.with === to && Date.parse(switching.until) - now > claimMs / 2) return undefined;
      return { plan: { ...plan, switching: { with: to, until: isoAt(now + claimMs) } } };
    });
  }

  private async giveUpSwitching(model: string): Promise<never> {
    await this.change(({ switching, ...plan }) => (switching ? { plan } : undefined));
    const missing = await this.registry.arrears.count(model);
    throw new MillraceError('model_behind', {
      retryAfter: this.settings.modelSwitchSeconds,
      detail: `${missing} documents that are indexed are missing or old in it`,
    });
  }

  /** Gives up the next model or the previous one. Rejects with `model_not_found`. */
  retire(model: string, by = byItself): Promise<ModelPlan> {
    return this.change(async ({ next, previous, switching: _, ...plan }) => {
      if (next?.model !== model && previous?.model !== model)
        throw new MillraceError('model_not_found', {
          detail: 'it is neither the next model nor the previous',
        });
      const left = {
        ...(next && next.model !== model && { next }),
        ...(previous && previous.model !== model && { previous }),
      };
      const deed = deedOf('model.retire', model, { was: next?.model === model ? 'next' : 'previous' });
      return { plan: { ...plan, ...left }, events: [await this.retired(model)], deed };
    }, by);
  }

  /** Moves the next model on; false when the plan has changed since it was read. */
  async moveOn(
    { plan, revision }: { readonly plan: ModelPlan; readonly revision: number },
    next: NextModel,
    along: AlongWithPlan = {},
  ): Promise<boolean> {
    return (await this.registry.modelPlan.write({ ...plan, next }, revision, along)) === 'written';
  }

  private async change(
    step: (plan: ModelPlan) => Promise<Change | undefined> | Change | undefined,
    actor = byItself,
  ): Promise<ModelPlan> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const known = await this.registry.modelPlan.read();
      const plan = known?.plan ?? (await this.current());
      const change = await step(plan);
      if (!change) return plan;
      const { events, deed } = change;
      const made = { tenant: operatorTenant, at: this.clock.now(), actor, outcome: 'done' } as const;
      const along = { events, audit: deed && { ...made, ...deed } };
      const written = await this.registry.modelPlan.write(change.plan, known?.revision ?? 0, along);
      if (written === 'behind') throw new MillraceError('model_behind');
      if (written === 'overtaken') continue;
      if (plan.next?.judged !== undefined && change.plan.next?.model !== plan.next.model)
        await this.judgements.forget(plan.next.model);
      return change.plan;
    }
    throw new MillraceError('queue_full', {
      retryAfter: 1,
      detail: 'the plan of models changes all the time',
    });
  }

  private async refuseTwin(model: string): Promise<void> {
    const fingerprint = await this.fingerprintOf(model);
    for (const active of activeModels(await this.current()))
      if (active !== model && (await this.fingerprintOf(active)) === fingerprint)
        throw notReady(`it makes the same vectors as ${active}: there is nothing to switch`);
  }

  private async fingerprintOf(name: string): Promise<string> {
    return (await this.caller.call(calls.describeModel, { model: name })).model;
  }

  private async countDocuments(): Promise<number> {
    const { deleted: _, ...states } = await this.registry.documents.counts();
    return Object.values(states).reduce((sum, count) => sum + count, 0);
  }

  private switched(from: string, to: string, next?: NextModel): OutboxEvent {
    const comparison = next?.comparison;
    return this.events.forOutbox(events.modelSwitched, {
      ...{ from, to, at: this.now() },
      ...(comparison && { comparison }),
    });
  }

  private async retired(name: string): Promise<OutboxEvent> {
    const model = await this.fingerprintOf(name);
    return this.events.forOutbox(events.modelRetired, { name, model, at: this.now() });
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

const isBehind = (error: unknown): boolean => error instanceof MillraceError && error.code === 'model_behind';

const isoAt = (time: number): string => new Date(time).toISOString();

const notReady = (detail: string): MillraceError => new MillraceError('model_not_ready', { detail });
