import { calls, events, type CallSpec, type ModelComparison, type ModelPlan } from '@millrace/contracts';
import type {
  BlobStore,
  EventLog,
  OutboxEvent,
  Registry,
  SearchableVersion,
  WorkQueue,
} from '@millrace/ports';
import type { Caller, EventPublisher, Logger } from '@millrace/platform';
import { JudgementStore } from '../judgement-store.ts';
import { ModelFiller } from '../model-filler.ts';
import { ModelFollower } from '../model-follower.ts';
import { ModelJudge } from '../model-judge.ts';
import { ModelPlans } from '../model-plans.ts';

export const start = Date.parse('2026-01-01T00:00:00.000Z');
const hour = 3_600_000;

const alike: ModelComparison = {
  ...{ sentences: 10, found_serving: 0.9, found_next: 0.9, questions: 0, overlap: 1 },
  ...{ millis_serving: 1, millis_next: 1 },
};

type Emitted = Readonly<Record<string, unknown>>;
type Answer = (input: Emitted) => unknown;

/** Control's side of a switch over documents in memory; vectors are made by `make`, as other services would. */
export class PlanDesk {
  now = start;
  comparison = alike;
  /** Judgements of models, by key. */
  readonly blobs = new Map<string, Uint8Array>();
  /** Questions that were judged by. */
  readonly judged: unknown[] = [];
  ndcg = { ndcg_serving: 0.5, ndcg_next: 0.5 };
  readonly emitted: { topic: string; data: Emitted }[] = [];
  private documents: SearchableVersion[] = [];
  /** `model/document` -> the version in its index. */
  private readonly index = new Map<string, number>();
  private readonly deleted = new Set<string>();
  private stored: { plan: ModelPlan; revision: number } | undefined;

  private readonly judgements = new JudgementStore(this.blobStore);

  readonly plans = new ModelPlans(
    this.registry,
    { now: () => this.now },
    this.caller,
    this.publisher,
    this.judgements,
    { modelRollbackHours: 24 } as never,
  );

  filler(): ModelFiller {
    const queue = { depth: async () => ({ runnable: 0, inflight: 0, delayed: 0, oldestAgeMs: 0 }) };
    const log = { lag: async () => [] };
    const logger = { info: () => undefined, warn: () => undefined };
    return new ModelFiller(
      this.registry,
      queue as unknown as WorkQueue,
      log as unknown as EventLog,
      { now: () => this.now },
      this.caller,
      this.publisher,
      this.plans,
      new ModelJudge(this.judgements, this.caller),
      logger as unknown as Logger,
    );
  }

  follower(): ModelFollower {
    return new ModelFollower(this.registry, this.plans, this.caller, this.publisher);
  }

  add(...names: string[]): void {
    for (const document of names) {
      const version = { tenant: 'acme', document, version: 1, parsed: `${document}/parsed`, chunks: 2 };
      this.documents.push({ ...version, updatedAt: start - hour });
    }
  }

  withdraw(document: string): void {
    this.deleted.add(document);
  }

  /** All vectors that were asked for. */
  wanted(): { document: string; model: string; version: number }[] {
    return this.emitted
      .filter(({ topic }) => topic === events.vectorsWanted.name)
      .map(({ data }) => data as never);
  }

  /** Makes what is wanted, but for some. */
  make(except: readonly string[] = []): void {
    for (const { document, model, version } of this.wanted())
      if (!except.includes(document)) this.index.set(`${model}/${document}`, version);
  }

  /** Steps until there is nothing to do at once. */
  async work(filler: ModelFiller, between: () => void = () => this.make()): Promise<void> {
    for (let n = 0; n < 100; n++) {
      if ((await filler.step()) > 100) return;
      between();
    }
    throw new Error('it does not end');
  }

  plan(): ModelPlan | undefined {
    return this.stored?.plan;
  }

  private get registry(): Registry {
    return {
      modelPlan: {
        read: async () => this.stored && structuredClone(this.stored),
        write: async (plan: ModelPlan, revision: number, more: readonly OutboxEvent[] = []) => {
          if ((this.stored?.revision ?? 0) !== revision) return false;
          this.stored = { plan, revision: revision + 1 };
          for (const { topic, value } of more)
            this.emitted.push({ topic, data: JSON.parse(value) as Emitted });
          return true;
        },
      },
      documents: {
        allLive: async (after: { document: string } | undefined, limit: number) =>
          this.documents.filter(({ document }) => document > (after?.document ?? '')).slice(0, limit),
        counts: async () => ({ indexed: this.documents.length, deleted: 0 }),
        versions: async (_tenant: string, document: string) => this.versionsOf(document),
      },
      outbox: { pending: async () => [] },
    } as unknown as Registry;
  }

  private get blobStore(): BlobStore {
    return {
      put: async (key: string, bytes: Uint8Array) => void this.blobs.set(key, bytes),
      get: async (key: string) => this.blobs.get(key),
      delete: async (key: string) => this.blobs.delete(key),
    } as unknown as BlobStore;
  }

  private versionsOf(name: string): object[] {
    const kept = this.documents
      .filter(({ document }) => document === name)
      .map(({ version, parsed }) => ({ version, parsed, operation: 'upsert', state: 'indexed' }));
    return this.deleted.has(name) ? [...kept, { version: 9, operation: 'delete', state: 'accepted' }] : kept;
  }

  private get caller(): Caller {
    const answers = new Map<CallSpec, Answer>([
      [
        calls.describeModel,
        ({ model = 'a' }) => ({ model: `${String(model)}-print`, name: model, dims: 2, maxTokens: 8 }),
      ],
      [calls.missingVersions, (asked) => this.missing(asked as never)],
      [calls.compareModels, () => this.comparison],
      [
        calls.judgeModels,
        ({ questions }) => {
          this.judged.push(...(questions as unknown[]));
          return this.ndcg;
        },
      ],
    ]);
    return {
      call: async (spec: CallSpec, input: Emitted) => answers.get(spec)!(input),
    } as unknown as Caller;
  }

  private missing({ model, versions }: { model: string; versions: SearchableVersion[] }) {
    const name = model.replace('-print', '');
    const lacks = ({ document, version }: SearchableVersion) =>
      (this.index.get(`${name}/${document}`) ?? 0) < version;
    return { missing: versions.filter(lacks).map(({ document }) => document) };
  }

  private get publisher(): EventPublisher {
    const forOutbox = ({ name }: { name: string }, data: object) => ({
      ...{ topic: name, key: '', value: JSON.stringify(data), headers: {} },
    });
    const publish = async ({ name }: { name: string }, data: Emitted) =>
      void this.emitted.push({ topic: name, data });
    return { forOutbox, publish } as unknown as EventPublisher;
  }
}
