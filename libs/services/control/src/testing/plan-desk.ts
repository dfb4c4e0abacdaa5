import {
  calls,
  events,
  MillraceError,
  type CallSpec,
  type ModelComparison,
  type ModelPlan,
} from '@millrace/contracts';
import type {
  AlongWithPlan,
  Arrear,
  BlobStore,
  DocumentName,
  NewAuditEntry,
  OutboxEvent,
  Registry,
  SearchableVersion,
  Step,
} from '@millrace/ports';
import type { Caller, EventPublisher, Logger } from '@millrace/platform';
import type { Backlog } from '../backlog.ts';
import type { DocumentAccess } from '../document-access.ts';
import { FirstPlan } from '../models/first-plan.ts';
import { JudgementStore } from '../models/judgement-store.ts';
import { ModelCatchUp } from '../models/model-catch-up.ts';
import { ModelFiller } from '../models/model-filler.ts';
import { ModelIndexes } from '../models/model-indexes.ts';
import { ModelJudge } from '../models/model-judge.ts';
import { ModelPlans } from '../models/model-plans.ts';
import { ModelProgress } from '../models/model-progress.ts';
import { ModelSample } from '../models/model-sample.ts';
import { ModelUpkeep } from '../models/model-upkeep.ts';

export const start = Date.parse('2026-01-01T00:00:00.000Z');
const hour = 3_600_000;

const alike: ModelComparison = {
  ...{ sentences: 100, found_serving: 0.9, found_next: 0.9, alike: 0.6, questions: 0, overlap: 1 },
  ...{ millis_serving: 1, millis_next: 1 },
};

const logger = { info: () => undefined, warn: () => undefined };

interface Owed extends Arrear {
  readonly asks: number;
  readonly askedAt: number;
}

type Emitted = Readonly<Record<string, unknown>>;
type Answer = (input: Emitted) => unknown;

/** Control's side of a switch over documents in memory; vectors are made by `make`, as other services would. */
export class PlanDesk {
  now = start;
  comparison = alike;
  /** Judgements of models, by key. */
  readonly blobs = new Map<string, Uint8Array>();
  /** Documents that models were compared by. */
  readonly compared: { document: string; access: string[] }[] = [];
  /** Questions that were judged by. */
  readonly judged: unknown[] = [];
  readonly audited: NewAuditEntry[] = [];
  /** Collections that were made. */
  readonly made: string[] = [];
  isUnaskable = false;
  /** Others that are there, and models whose files are; the first is the setting's. */
  readonly there = new Set(['documents-a-print']);
  listed = ['a'];
  /** A collection that cannot be looked into. */
  unreadable: string | undefined;
  /** Models whose files are gone. */
  readonly lost = new Set<string>();
  /** Models in whose place another file lies. */
  readonly replaced = new Set<string>();
  /** Before judgements are forgotten. */
  forgetting: () => Promise<void> = async () => undefined;
  ndcg = {
    ...{ ndcg_serving: 0.5, ndcg_next: 0.5, ndcg_dense_serving: 0.5, ndcg_dense_next: 0.5 },
    alike: [0.5, 0.7],
  };
  readonly emitted: { topic: string; data: Emitted }[] = [];
  private documents: SearchableVersion[] = [];
  /** `model/document` -> the version in its index. */
  private readonly index = new Map<string, number>();
  /** By the same. */
  private readonly owed = new Map<string, Owed>();
  stored: { plan: ModelPlan; revision: number } | undefined;

  private readonly judgements = new JudgementStore(this.blobStore);

  private readonly indexes = new ModelIndexes(this.caller);

  private readonly first = new FirstPlan(
    this.registry,
    { now: () => this.now },
    this.caller,
    this.publisher,
    this.catchUp(),
  );

  readonly plans = new ModelPlans(
    this.registry,
    { now: () => this.now },
    this.caller,
    this.publisher,
    this.judgements,
    this.indexes,
    this.first,
    { modelRollbackHours: 24, modelSwitchSeconds: 0.3 } as never,
  );

  readonly progress = new ModelProgress(this.registry, { now: () => this.now }, this.caller);

  filler(): ModelFiller {
    const access = { of: async () => ['group:board'] } as unknown as DocumentAccess;
    return new ModelFiller(
      this.registry,
      { now: () => this.now },
      this.caller,
      this.publisher,
      this.plans,
      this.catchUp(),
      new ModelJudge(this.judgements, access, this.caller),
      new ModelSample(this.registry, access),
      logger as unknown as Logger,
    );
  }

  upkeep(): ModelUpkeep {
    return new ModelUpkeep(
      this.registry,
      { now: () => this.now },
      this.plans,
      this.catchUp(),
      this.first,
      logger as unknown as Logger,
    );
  }

  private catchUp(): ModelCatchUp {
    const backlog = { oldestAgeMs: async () => 0 } as unknown as Backlog;
    const clock = { now: () => this.now };
    return new ModelCatchUp(this.registry, clock, backlog, this.caller, this.publisher, this.indexes);
  }

  /** Documents that lie in the index of that model, and that are called `indexed`. */
  add(...names: string[]): void {
    this.addTo('a', ...names);
  }

  addTo(model: string, ...names: string[]): void {
    for (const document of names) {
      this.index.set(`${model}/${document}`, 1);
      const version = { tenant: 'acme', document, version: 1, parsed: `${document}/parsed`, chunks: 2 };
      this.documents.push({ ...version, updatedAt: start - hour });
    }
  }

  /** Of its documents none has vectors any more. */
  forgetIndex(model: string): void {
    for (const key of this.index.keys()) if (key.startsWith(`${model}/`)) this.index.delete(key);
  }

  /** A document becomes `indexed`, and the index of that model lacks it. */
  owe(model: string, document: string): void {
    this.add(document);
    this.index.delete(`${model}/${document}`);
    const which = { tenant: 'acme', document, version: 1, parsed: `${document}/parsed`, chunks: 2 };
    const owed = { ...which, model, fill: false, asks: 1, askedAt: this.now };
    this.owed.set(`${model}/${document}`, owed);
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
      if (!except.includes(document)) this.arrive(model, document, version);
  }

  /** Steps until there is nothing to do at once. */
  async work(filler: ModelFiller, between: () => void = () => this.make()): Promise<void> {
    for (let n = 0; n < 100; n++) {
      const upkeep = this.upkeep();
      await upkeep.retireOverdue();
      await upkeep.makeGood();
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
        write: async (plan: ModelPlan, revision: number, along: AlongWithPlan = {}) =>
          this.write(plan, revision, along),
      },
      arrears: {
        count: async (model: string, filled?: { asks: number }) =>
          this.owedTo(model).filter(({ fill, asks }) => !filled || (fill && asks <= filled.asks)).length,
        among: async (model: string, names: readonly DocumentName[]) =>
          names.filter(({ document }) => this.owed.has(`${model}/${document}`)),
        due: async (before: number, pauseMs: number, limit: number) =>
          [...this.owed.values()]
            .filter(({ asks, askedAt }) => askedAt + asks * pauseMs < before)
            .slice(0, limit),
        held: async () => [],
        askAgain: async (arrears: readonly Arrear[], askedAt: number, events: readonly OutboxEvent[]) => {
          for (const { model, document } of arrears) {
            const owed = this.owed.get(`${model}/${document}`)!;
            this.owed.set(`${model}/${document}`, { ...owed, asks: owed.asks + 1, askedAt });
          }
          this.emit(events);
        },
      },
      documents: {
        allLive: async (after: { document: string } | undefined, limit: number) =>
          this.documents.filter(({ document }) => document > (after?.document ?? '')).slice(0, limit),
        countLive: async () => this.documents.length,
        advance: async ({ document, version, models = [] }: Step) => {
          for (const model of models) this.arrive(model, document, version);
          return false;
        },
      },
    } as unknown as Registry;
  }

  private get blobStore(): BlobStore {
    return {
      put: async (key: string, bytes: Uint8Array) => void this.blobs.set(key, bytes),
      get: async (key: string) => this.blobs.get(key),
      delete: async (key: string) => {
        await this.forgetting();
        this.blobs.delete(key);
      },
    } as unknown as BlobStore;
  }

  private write(
    plan: ModelPlan,
    revision: number,
    { events = [], lacking = [], at = 0, audit }: AlongWithPlan,
  ) {
    if ((this.stored?.revision ?? 0) !== revision) return 'overtaken';
    const isSwitch = this.stored && this.stored.plan.serving !== plan.serving;
    if (isSwitch && this.owedTo(plan.serving).length > 0) return 'behind';
    this.stored = { plan, revision: revision + 1 };
    for (const { model, document } of lacking) {
      const version = this.documents.find((one) => one.document === document)!;
      this.owed.set(`${model}/${document}`, { ...version, model, fill: true, asks: 1, askedAt: at });
    }
    if (audit) this.audited.push(audit);
    this.emit(events);
    return 'written';
  }

  private owedTo(name: string): Owed[] {
    return [...this.owed.values()].filter(({ model }) => model === name);
  }

  arrive(model: string, document: string, version: number): void {
    this.index.set(`${model}/${document}`, version);
    this.owed.delete(`${model}/${document}`);
  }

  private emit(events: readonly OutboxEvent[]): void {
    for (const { topic, value } of events) this.emitted.push({ topic, data: JSON.parse(value) as Emitted });
  }

  private get caller(): Caller {
    const answers = new Map<CallSpec, Answer>([
      [calls.describeModel, ({ model = this.listed[0] }) => this.described(String(model))],
      [calls.listEmbeddingModels, () => ({ models: this.listed.map((name) => ({ name })) })],
      [calls.embedTexts, ({ model }) => this.described(String(model))],
      [calls.activeModels, () => ({ models: [], setting: this.listed[0] })],
      [calls.makeIndex, ({ collection }) => void this.made.push(String(collection))],
      [calls.missingVersions, (asked) => this.missing(asked as never)],
      [
        calls.compareModels,
        ({ documents }) => {
          if (this.isUnaskable) throw new MillraceError('index_missing');
          this.compared.push(...(documents as { document: string; access: string[] }[]));
          return this.comparison;
        },
      ],
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

  private described(name: string) {
    if (this.lost.has(name)) throw new MillraceError('models_missing');
    const print = this.replaced.has(name) ? 'other' : 'print';
    return { model: `${name}-${print}`, name, dims: 2, maxTokens: 8 };
  }

  private missing({ collection, versions }: { collection: string; versions: SearchableVersion[] }) {
    if (collection === this.unreadable || !this.isThere(collection)) throw new MillraceError('index_missing');
    const [, name] = collection.split('-');
    const lacks = ({ document, version }: SearchableVersion) =>
      (this.index.get(`${name}/${document}`) ?? 0) < version;
    return { missing: versions.filter(lacks).map(({ document }) => document) };
  }

  private isThere(collection: string): boolean {
    return this.there.has(collection) || this.made.includes(collection);
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
