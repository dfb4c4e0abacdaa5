import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  calls,
  documentKey,
  events,
  MillraceError,
  type ModelComparison,
  type ModelPlan,
  type NextModel,
} from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry, type SearchableVersion } from '@millrace/ports';
import { Caller, EventPublisher, LOGGER, observeGauge, type Logger } from '@millrace/platform';
import { ModelCatchUp, mostAsks } from './model-catch-up.ts';
import { verdictOn } from './model-gate.ts';
import { ModelJudge } from './model-judge.ts';
import { ModelPlans } from './model-plans.ts';
import { ModelSample } from './model-sample.ts';
import { comparedAnew, isJudgedBeside } from './next-model.ts';
import { untilAborted } from './until-aborted.ts';

/** Every replica goes by the plan by then: nothing is removed from the old index alone any more. */
const settleMs = 5_000;
/** How often it is looked whether there is something to do. */
const idleMs = 1_000;
const busyMs = 100;
/** Documents looked at in one step. */
const pageSize = 64;
/** Documents that it asked for and that are not in the index yet, beyond which it waits. */
const mostUnderWay = 64;
/** Then what is missing does not come. */
const mostPasses = 6;

/** The serving model, once its file is another than its index was made of, answers nothing: a person decides then. */
function nothingToSay(error: unknown): ModelComparison {
  if (!(error instanceof MillraceError && error.code === 'index_missing')) throw error;
  const nothing = { sentences: 0, found_serving: 0, found_next: 0, questions: 0, overlap: 1 };
  return { ...nothing, millis_serving: 0, millis_next: 0 };
}

type Known = NonNullable<Awaited<ReturnType<Registry['modelPlan']['read']>>>;

/**
 * Prepares the next model: goes over all documents and asks for vectors for those that its index lacks, again and again
 * until it lacks none; compares, and switches. How far it is lies in the plan, and what is there in the index, so that it
 * goes on from anywhere after a crash, and two at it do no harm.
 */
@Injectable()
export class ModelFiller implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(ModelPlans) private readonly plans: ModelPlans,
    @Inject(ModelCatchUp) private readonly catchUp: ModelCatchUp,
    @Inject(ModelJudge) private readonly judge: ModelJudge,
    @Inject(ModelSample) private readonly sample: ModelSample,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    observeGauge(
      'millrace_model_switch_documents',
      'Documents in this pass of preparing the next embedding model: all, looked at, and lacking its vectors.',
      async () => {
        const next = (await this.plans.lately())?.next;
        if (!next) return [];
        const { model, documents, looked_at, missing } = next;
        return Object.entries({ all: documents, looked_at, missing }).map(
          ([state, count]) => [count, { model, state }] as const,
        );
      },
    );
  }

  onApplicationBootstrap(): void {
    const { signal } = this.closing;
    this.running = untilAborted(() => this.step(), {
      signal,
      failed: (err) => this.logger.warn({ err }, 'preparing the next embedding model waits'),
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  /** Returns milliseconds until the next. */
  async step(): Promise<number> {
    const known = await this.registry.modelPlan.read();
    if (!known) return idleMs;
    const { serving, next } = known.plan;
    if (!next) return idleMs;
    if (!isJudgedBeside(next, serving)) return this.compareAnew(known, next);
    if (next.phase !== 'filling' && (next.phase !== 'ready' || next.hold)) return idleMs;
    if (await this.plans.isReplaced(known.plan, next.model)) return this.refuseReplaced(known, next);
    if (next.phase === 'ready') return (await this.plans.serveIfReady(next.model)) ? 0 : busyMs;
    if (this.clock.now() < Date.parse(next.started_at) + settleMs) return busyMs;
    const underWay = await this.registry.arrears.count(next.model, { asks: mostAsks });
    if (underWay >= mostUnderWay) return busyMs;
    const page = await this.registry.documents.allLive(next.at, pageSize);
    if (page.length > 0) await this.lookAt(page, known, next);
    else if (underWay > 0) return busyMs;
    else await this.endPass(known, next);
    return 0;
  }

  private async compareAnew(known: Known, next: NextModel): Promise<number> {
    await this.plans.moveOn(known, comparedAnew(next, this.clock.now()));
    this.sample.empty();
    return 0;
  }

  private async refuseReplaced(known: Known, next: NextModel): Promise<number> {
    const { model } = next;
    const verdict = { phase: 'refused', why: 'file_replaced', against: known.plan.serving } as const;
    if (await this.plans.moveOn(known, { ...next, ...verdict }))
      this.logger.warn({ model }, 'the next embedding model has another file than it was prepared by');
    return idleMs;
  }

  private async lookAt(page: readonly SearchableVersion[], known: Known, next: NextModel): Promise<void> {
    const lacking = await this.catchUp.lacking(known.plan, next.model, await this.settled(page, next.model));
    const { tenant, document } = page.at(-1)!;
    const moved = {
      ...next,
      at: { tenant, document },
      ...{ looked_at: next.looked_at + page.length, missing: next.missing + lacking.length },
    };
    const hasMoved = await this.plans.moveOn(known, moved, {
      events: lacking.map((version) => this.wanted(version, next.model)),
      lacking: lacking.map((version) => ({ ...version, model: next.model })),
      at: this.clock.now(),
    });
    if (hasMoved) this.sample.offer(page);
  }

  /** Without those that are on their way to the model anyway: what changed since the plan says so was asked for then. */
  private async settled(page: readonly SearchableVersion[], model: string): Promise<SearchableVersion[]> {
    const onTheirWay = new Set((await this.registry.arrears.among(model, page)).map(documentKey));
    return page.filter((version) => !onTheirWay.has(documentKey(version)));
  }

  private wanted({ tenant, document, version, parsed, chunks }: SearchableVersion, model: string) {
    const which = { tenant, document, version, parsed, chunks, model };
    return this.events.forOutbox(events.vectorsWanted, { ...which, fill: true });
  }

  private async endPass(known: Known, next: NextModel): Promise<void> {
    const { at: _, why: __, ...rest } = next;
    const passes = next.passes + 1;
    const givenUp = await this.registry.arrears.count(next.model, { asks: Number.MAX_SAFE_INTEGER });
    if (givenUp === 0 && next.missing > 0 && passes < mostPasses) {
      await this.plans.moveOn(known, {
        ...{ ...rest, passes, looked_at: 0, missing: 0 },
        pass_at: new Date(this.clock.now()).toISOString(),
      });
      return this.sample.empty();
    }
    if (next.model === known.plan.serving) return this.plans.endRebuilding();
    const missing = Math.max(givenUp, passes < mostPasses ? 0 : next.missing);
    const comparison = await this.compare(known.plan, next);
    const verdict =
      missing > 0 ? ({ phase: 'refused', why: 'documents_missing' } as const) : verdictOn(comparison);
    const found = { passes, missing, comparison, against: known.plan.serving, ...verdict };
    if (await this.plans.moveOn(known, { ...rest, ...found }))
      this.logger.info({ model: next.model, ...verdict, missing, ...comparison }, 'compared models');
    this.sample.empty();
  }

  private async compare({ serving }: ModelPlan, next: NextModel): Promise<ModelComparison> {
    const asked = { serving, next: next.model, documents: await this.sample.documents() };
    const comparison = await this.caller
      .call(calls.compareModels, asked, { lane: 'bulk' })
      .catch(nothingToSay);
    return next.judged ? { ...comparison, ...(await this.judge.judge(serving, next)) } : comparison;
  }
}
