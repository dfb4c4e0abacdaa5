import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  activeModels,
  calls,
  collectionOf,
  settingServesNot,
  type CallOutput,
  type ModelPlan,
} from '@millrace/contracts';
import { EMBEDDERS, type Embedder, type EmbeddingModel, type Embedders } from '@millrace/ports';
import { Caller, LOGGER, type Logger } from '@millrace/platform';

/** Control is asked this often at most: so long a replica may still go by the plan before. */
const freshMs = 1_000;
/** Who is asked nothing looks this often, to have the model in memory that serves. */
const idleMs = 5_000;
/** A plan that is known goes on when control does not answer in this time. */
const patienceMs = 500;
/** But for one by which another model may serve any moment: that goes on for so long. */
const switchingMs = 30_000;

interface Known {
  readonly plan: ModelPlan | null;
  /** When control was asked last, and when it was asked what it answered. */
  readonly at: number;
  readonly toldAt: number;
}

type Index = CallOutput<typeof calls.activeModels>['models'][number];

/** The models that documents can be searched by, as control's plan says; without one the default model alone. */
@Injectable()
export class ServingModel implements OnApplicationBootstrap, OnModuleDestroy {
  private known: Known | undefined;
  private asking: Promise<Known> | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** That it serves although the setting names another was told. */
  private toldOf: string | undefined;

  constructor(
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(LOGGER) private readonly logger: Logger,
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

  /** Whether documents are kept searchable by the model of that name. */
  async isActive(name: string): Promise<boolean> {
    const plan = await this.plan();
    return plan ? activeModels(plan).includes(name) : this.embedders.default.model.name === name;
  }

  /**
   * All, the serving one first; files are needed only of those whose index the plan does not tell of.
   * @param fresh by the plan as it is now; rejects where control does not tell
   */
  async indexes(fresh = false): Promise<Index[]> {
    const plan = fresh ? await this.refresh() : await this.plan();
    if (!plan) {
      const { fingerprint: model, name, dims } = this.embedders.default.model;
      return [{ model, name, dims }];
    }
    return Promise.all(activeModels(plan).map((name) => this.indexOf(name, plan)));
  }

  /** Where vectors of that model go and are searched: never where those of another file of the same name lie. */
  async collectionOf({ name, fingerprint }: EmbeddingModel): Promise<string | undefined> {
    const plan = await this.plan();
    if (!plan) return undefined;
    const index = plan.indexes?.[name];
    return index?.fingerprint === fingerprint ? index.collection : collectionOf(fingerprint);
  }

  /** Asks control anew. Rejects when it does not answer. */
  async refresh(): Promise<ModelPlan | null> {
    const told = await this.askNow({});
    this.take(told);
    return told.plan;
  }

  /** What was asked for later is newer, whichever answer comes first. */
  private take(told: Known): Known {
    if (!this.known || told.toldAt >= this.known.toldAt) this.known = told;
    return this.known;
  }

  private async indexOf(name: string, { indexes }: ModelPlan): Promise<Index> {
    const known = indexes?.[name];
    if (known) return { model: known.fingerprint, name, dims: known.dims, collection: known.collection };
    const { fingerprint: model, dims } = (await this.embedders.get(name)).model;
    return { model, name, dims, collection: collectionOf(model) };
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
      return this.take(await this.askNow(before ? { timeoutMs: patienceMs } : {}));
    } catch (error) {
      const { known } = this;
      if (!known || isTooOld(known)) throw error;
      return (this.known = { ...known, at: performance.now() });
    }
  }

  private tellOfSetting(serving: string): void {
    const setting = this.embedders.default.model.name;
    if (serving !== setting && serving !== this.toldOf)
      this.logger.warn({ setting, serving }, settingServesNot(setting, serving));
    this.toldOf = serving;
  }

  private async askNow(options: { readonly timeoutMs?: number }): Promise<Known> {
    const at = performance.now();
    const { plan } = await this.caller.call(calls.modelPlan, {}, options);
    if (plan) this.embedders.hold(activeModels(plan));
    if (plan) this.tellOfSetting(plan.serving);
    return { plan, at, toldAt: at };
  }
}

const isTooOld = ({ plan, toldAt }: Known): boolean =>
  plan !== null && isSwitching(plan) && performance.now() - toldAt > switchingMs;

/** A switch waits, or comes as soon as nothing is missing. */
const isSwitching = ({ switches = [], next }: ModelPlan): boolean =>
  switches.some(({ made }) => !made) || (next?.phase === 'ready' && !next.hold);
