import { Inject, Injectable } from '@nestjs/common';
import { calls, type CallInput, type CallOutput } from '@millrace/contracts';
import { HandleCall, type HandlerContext } from '@millrace/platform';
import { EMBEDDERS, type EmbeddingModel, type Embedders } from '@millrace/ports';
import { CachedEmbedder } from './cached-embedder.ts';
import { ServingModel } from './serving-model.ts';

/** Vectors for other services: a question's, mostly, in the lane before bulk work. */
@Injectable()
export class TextEmbedder {
  constructor(
    @Inject(CachedEmbedder) private readonly cached: CachedEmbedder,
    @Inject(EMBEDDERS) private readonly embedders: Embedders,
    @Inject(ServingModel) private readonly serving: ServingModel,
  ) {}

  @HandleCall(calls.embedTexts)
  async embed(
    { texts, kind, lane, tenant, documents, model: asked, fresh }: CallInput<typeof calls.embedTexts>,
    { signal }: HandlerContext,
  ): Promise<CallOutput<typeof calls.embedTexts>> {
    if (fresh) await this.serving.refresh();
    const { vectors, tokens, model } = await this.cached.embed(
      texts,
      { kind, lane, group: tenant, truncate: true, signal, model: asked },
      tenant === undefined ? undefined : { tenant, documents },
    );
    return { vectors: vectors.map((vector) => [...vector]), tokens, ...(await this.where(model)) };
  }

  @HandleCall(calls.describeModel)
  async describe({
    model: asked,
    fresh,
  }: CallInput<typeof calls.describeModel>): Promise<CallOutput<typeof calls.describeModel>> {
    if (fresh) await this.serving.refresh();
    const { model } = asked === undefined ? await this.serving.get() : await this.embedders.get(asked);
    return { maxTokens: model.maxTokens, ...(await this.where(model)) };
  }

  @HandleCall(calls.activeModels)
  async active({
    fresh,
  }: CallInput<typeof calls.activeModels>): Promise<CallOutput<typeof calls.activeModels>> {
    return { models: await this.serving.indexes(fresh), setting: this.embedders.default.model.name };
  }

  @HandleCall(calls.listEmbeddingModels)
  async list(): Promise<CallOutput<typeof calls.listEmbeddingModels>> {
    const serving = (await this.serving.get()).model.name;
    const models = (await this.embedders.list()).map(({ model, loaded }) => {
      const { name, dims, maxTokens } = model;
      return { name, dims, maxTokens, default: name === serving, loaded };
    });
    return { models: models.sort((a, b) => Number(b.default) - Number(a.default)) };
  }

  /** What vectors are of, and where they lie. */
  private async where(model: EmbeddingModel) {
    const { fingerprint, name, dims } = model;
    const collection = await this.serving.collectionOf(model);
    return { model: fingerprint, name, dims, ...(collection !== undefined && { collection }) };
  }
}
