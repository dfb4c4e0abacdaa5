import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { LOGGER, type Logger } from '@millrace/platform';
import { FirstPlan } from './first-plan.ts';
import { ModelCatchUp } from './model-catch-up.ts';
import { ModelPlans } from './model-plans.ts';
import { untilAborted } from './until-aborted.ts';

const everyMs = 1_000;

/** What a plan of models needs all the time, whatever the next one is at: each duty for itself, so that none waits for another. */
@Injectable()
export class ModelUpkeep implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly closing = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ModelPlans) private readonly plans: ModelPlans,
    @Inject(ModelCatchUp) private readonly catchUp: ModelCatchUp,
    @Inject(FirstPlan) private readonly first: FirstPlan,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { signal } = this.closing;
    const every = (duty: () => Promise<void>, waits: string) =>
      untilAborted(() => duty().then(() => everyMs), {
        signal,
        failed: (err) => this.logger.warn({ err }, waits),
      });
    this.running = Promise.all([
      every(() => this.makeGood(), 'indexes of embedding models are not brought up to date'),
      every(
        () => this.retireOverdue(),
        'the previous embedding model is not given up though its time is over',
      ),
      every(() => this.note(), 'it is not noted where the vectors of embedding models lie'),
    ]);
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  async makeGood(): Promise<void> {
    const plan = await this.plans.read();
    if (plan) await this.catchUp.lookAgain(plan);
  }

  async retireOverdue(): Promise<void> {
    const previous = (await this.plans.read())?.previous;
    if (previous && Date.parse(previous.until) < this.clock.now()) await this.plans.retire(previous.model);
  }

  async note(): Promise<void> {
    const known = await this.registry.modelPlan.read();
    await (known ? this.plans.complete(known) : this.first.note());
  }
}
