import { Inject, Injectable } from '@nestjs/common';
import { calls, type CallInput, type CallOutput } from '@millrace/contracts';
import { HandleCall, type HandlerContext } from '@millrace/platform';
import { CachedEmbedder } from './cached-embedder.ts';

/** Vectors for other services: a question's, mostly, in the lane before bulk work. */
@Injectable()
export class TextEmbedder {
  constructor(@Inject(CachedEmbedder) private readonly embedder: CachedEmbedder) {}

  @HandleCall(calls.embedTexts)
  async embed(
    { texts, kind, lane, tenant, documents }: CallInput<typeof calls.embedTexts>,
    { signal }: HandlerContext,
  ): Promise<CallOutput<typeof calls.embedTexts>> {
    const { vectors, tokens } = await this.embedder.embed(
      texts,
      { kind, lane, group: tenant, truncate: true, signal },
      tenant === undefined ? undefined : { tenant, documents },
    );
    const { fingerprint: model, dims } = this.embedder.model;
    return { vectors: vectors.map((vector) => [...vector]), tokens, model, dims };
  }

  @HandleCall(calls.describeModel)
  async describe(): Promise<CallOutput<typeof calls.describeModel>> {
    const { fingerprint: model, name, dims, maxTokens } = this.embedder.model;
    return { model, name, dims, maxTokens };
  }
}
