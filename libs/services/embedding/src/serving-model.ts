import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { activeModels, calls, type ModelPlan } from '@millrace/contracts';
import { EMBEDDERS, type Embedder, type Embedders } from '@millrace/ports';
import { Caller } from '@millrace/platform';

/** Control is asked this often at most: so long a replica may still go by the plan before. */
const freshMs = 1_000;
/** Who is asked nothing looks this often, to have the model in memory that serves. */
const idleMs = 5_000;
/** A plan that is known goes on when control does not answer in this time. */
const patienceMs = 500;

interface Known {
  readonly plan: ModelPlan | null;
  readonly at: number;
}

/** The models that documents can be searched by, as control's plan says; without one the default model alone. */
@Injectable()
export class ServingModel implements OnApplicationBootstrap, OnModuleDestroy {
  private known: Known | undefined;
  private asking: Promise<Known> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(Caller) private readonly caller: Caller,
  ) {}

  onApplicationBootstrap(): void {
    // Control may not be up yet; whoever asks for a vector is told so.
    const look = (): void => void this.plan().catch(() => undefined);
    look();
    this.timer = setInterval(look, idleMs);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** What questions are asked by, and documents are embedded by first. */
  async get(): Promise<Embedder> {
    const plan = await this.plan();
    return plan ? this.embedders.get(plan.serving) : this.embedders.default;
  }

  /** All, the serving one first. */
  async all(): Promise<Embedder[]> {
    const plan = await this.plan();
    if (!plan) return [this.embedders.default];
    return Promise.all(activeModels(plan).map((name) => this.embedders.get(name)));
  }

  private async plan(): Promise<ModelPlan | null> {
    if (this.known && performance.now() - this.known.at < freshMs) return this.known.plan;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return (await this.asking).plan;
  }

  /** Who never knew has to wait for control: the wrong model would be worse than none. */
  private async ask(): Promise<Known> {
    const before = this.known;
    try {
      const options = before ? { timeoutMs: patienceMs } : {};
      const { plan } = await this.caller.call(calls.modelPlan, {}, options);
      if (plan) this.embedders.hold(activeModels(plan));
      return (this.known = { plan, at: performance.now() });
    } catch (error) {
      if (!before) throw error;
      return (this.known = { ...before, at: performance.now() });
    }
  }
}
