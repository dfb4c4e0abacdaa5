import { Inject, Injectable, Module } from '@nestjs/common';
import {
  calls,
  events,
  jobs,
  MillraceError,
  type CallInput,
  type CallOutput,
  type JobData,
  type ModelComparison,
} from '@millrace/contracts';
import { EventPublisher, HandleCall, HandleJob } from '@millrace/platform';
import { StandInModule, StandInStages } from './stand-in-stages.ts';

const comparison: ModelComparison = {
  ...{ sentences: 100, found_serving: 0.9, found_next: 0.9, alike: 0.6, questions: 0, overlap: 1 },
  ...{ millis_serving: 1, millis_next: 1 },
};

/** Its fingerprint, here, is its name. */
const modelOf = (collection: string): string => collection.split('-')[1]!;

const described = (name: string) => ({ model: name, name, dims: 1, maxTokens: 8 });

/** Second vectors and the index of a second model, as the registry and control see them. */
@Injectable()
export class StandInModels {
  private readonly collections = new Set(['documents-model']);
  private open: Promise<void> = Promise.resolve();
  private release: () => void = () => undefined;

  constructor(
    @Inject(EventPublisher) private readonly publisher: EventPublisher,
    @Inject(StandInStages) private readonly stages: StandInStages,
  ) {}

  /** No second vectors are made until `goOn`. */
  stop(): void {
    this.open = new Promise((resolve) => (this.release = resolve));
  }

  goOn(): void {
    this.release();
  }

  @HandleJob(jobs.embedAgain)
  async embed({ model, ...wanted }: JobData<typeof jobs.embedAgain>): Promise<void> {
    await this.open;
    await this.publisher.publish(events.vectorsMade, { ...wanted, vectors: wanted.parsed, dims: 1, model });
  }

  @HandleJob(jobs.indexAgain)
  async index(made: JobData<typeof jobs.indexAgain>): Promise<void> {
    const { tenant, document, version, model: name } = made;
    this.stages.put(name, made);
    await this.publisher.publish(events.vectorsIndexed, { tenant, document, version, name });
  }

  @HandleCall(calls.describeModel)
  async describe({ model = 'model' }: CallInput<typeof calls.describeModel>) {
    return described(model);
  }

  @HandleCall(calls.listEmbeddingModels)
  async list(): Promise<CallOutput<typeof calls.listEmbeddingModels>> {
    return { models: [{ ...described('model'), default: true, loaded: true }] };
  }

  @HandleCall(calls.activeModels)
  async active(): Promise<CallOutput<typeof calls.activeModels>> {
    return { models: [described('model')], setting: 'model' };
  }

  @HandleCall(calls.embedTexts)
  async embedTexts({ texts, model = 'model' }: CallInput<typeof calls.embedTexts>) {
    return { vectors: texts.map(() => [1]), tokens: 1, ...described(model) };
  }

  @HandleCall(calls.makeIndex)
  async make({ collection }: CallInput<typeof calls.makeIndex>): Promise<CallOutput<typeof calls.makeIndex>> {
    this.collections.add(collection);
    return {};
  }

  @HandleCall(calls.missingVersions)
  async missing({
    collection,
    tenant,
    versions,
  }: CallInput<typeof calls.missingVersions>): Promise<CallOutput<typeof calls.missingVersions>> {
    if (!this.collections.has(collection)) throw new MillraceError('index_missing');
    const lacks = ({ document, version }: (typeof versions)[number]) =>
      this.stages.versionIn(modelOf(collection), { tenant, document }) < version;
    return { missing: versions.filter(lacks).map(({ document }) => document) };
  }

  @HandleCall(calls.compareModels)
  async compare(): Promise<ModelComparison> {
    return comparison;
  }
}

@Module({ imports: [StandInModule], providers: [StandInModels], exports: [StandInModels] })
export class StandInModelsModule {}
