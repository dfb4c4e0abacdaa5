import { Inject, Injectable } from '@nestjs/common';
import { calls, type CallInput, type CallOutput } from '@millrace/contracts';
import { HandleCall, type HandlerContext } from '@millrace/platform';
import { EMBEDDERS, type Embedders } from '@millrace/ports';
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
    { texts, kind, lane, tenant, documents, model: asked }: CallInput<typeof calls.embedTexts>,
    { signal }: HandlerContext,
  ): Promise<CallOutput<typeof calls.embedTexts>> {
    const { vectors, tokens, model } = await this.cached.embed(
      texts,
      { kind, lane, group: tenant, truncate: true, signal, model: asked },
      tenant === undefined ? undefined : { tenant, documents },
    );
    const { fingerprint, name, dims } = model;
    return { vectors: vectors.map((vector) => [...vector]), tokens, model: fingerprint, name, dims };
  }

  @HandleCall(calls.describeModel)
  async describe({
    model: asked,
  }: CallInput<typeof calls.describeModel>): Promise<CallOutput<typeof calls.describeModel>> {
    const { model } = asked === undefined ? await this.serving.get() : await this.embedders.get(asked);
    const { fingerprint, name, dims, maxTokens } = model;
    return { model: fingerprint, name, dims, maxTokens };
  }

  @HandleCall(calls.activeModels)
  async active(): Promise<CallOutput<typeof calls.activeModels>> {
    const all = await this.serving.all();
    return {
      models: all.map(({ model: { fingerprint, name, dims } }) => ({ model: fingerprint, name, dims })),
    };
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
}
