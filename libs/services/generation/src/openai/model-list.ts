import { Inject, Injectable } from '@nestjs/common';
import { calls, type Model } from '@millrace/contracts';
import { Caller, LOGGER, type Logger } from '@millrace/platform';
import { extractiveModel } from '../extracts/extractive-answerer.ts';
import { Traffic } from '../traffic/traffic.ts';

/** The models that callers may name, those that answer first. Whoever is away takes nothing from the list but its own. */
@Injectable()
export class ModelList {
  constructor(
    @Inject(Traffic) private readonly traffic: Traffic,
    @Inject(Caller) private readonly caller: Caller,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async all(signal: AbortSignal): Promise<Model[]> {
    const [chat, embedding] = await Promise.all([
      this.traffic.models(),
      this.unlessAway('embedding', () => this.embeddingModels(signal)),
    ]);
    const answering = [...chat, extractiveModel].map((id) => entry(id, { task: 'chat' }));
    return [...answering, ...embedding];
  }

  private async embeddingModels(signal: AbortSignal): Promise<Model[]> {
    const { models } = await this.caller.call(calls.listEmbeddingModels, {}, { signal });
    return models.map(({ name, maxTokens, ...rest }) =>
      entry(name, { task: 'embedding', ...rest, max_tokens: maxTokens }),
    );
  }

  private async unlessAway<T>(whose: string, list: () => Promise<T[]>): Promise<T[]> {
    try {
      return await list();
    } catch (err) {
      this.logger.warn({ err }, `the models of ${whose} could not be listed`);
      return [];
    }
  }
}

const entry = (id: string, millrace: Model['millrace']): Model => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'millrace',
  millrace,
});
