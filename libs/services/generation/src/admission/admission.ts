import { Inject, Injectable } from '@nestjs/common';
import { MillraceError, type ChatCompletionRequest } from '@millrace/contracts';
import type { SettingsOf } from '@millrace/platform';
import { GENERATOR, type Generator, type QuotaStanding } from '@millrace/ports';
import type { Usage } from '../answer-part.ts';
import { extractiveModel } from '../extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { refuseNothingAsked, refuseUnsupported } from '../model-answerer.ts';
import { costOf, expectedTokens, type Prices } from './cost.ts';
import { Quotas } from './quotas.ts';

export interface Admitting {
  readonly request: ChatCompletionRequest;
  readonly tenant: string;
  readonly onStandings?: ((standings: readonly QuotaStanding[]) => void) | undefined;
}

export interface Admitted {
  /** Undefined: extracts, because there is no model or because they were asked for. */
  readonly generator: Generator | undefined;
  /** To be called once, whatever became of the answer. */
  readonly leave: (used: Usage) => void;
}

const free: Prices = { prompt: 0, completion: 0 };

/** Lets in what can be answered, what there is a place for, and what the tenant's quota has room for. */
@Injectable()
export class Admission {
  private underWay = 0;

  constructor(
    @Inject(GENERATOR) private readonly generator: Generator | undefined,
    @Inject(Quotas) private readonly quotas: Quotas,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  /** Rejects before anything is begun. */
  async admit(asked: Admitting): Promise<Admitted> {
    refuseUnsupported(asked.request);
    const generator = this.choose(asked.request.model);
    if (generator) refuseNothingAsked(asked.request);
    if (this.underWay >= this.settings.maxAnswers) throw new MillraceError('queue_full', { retryAfter: 1 });
    this.underWay += 1;
    try {
      const settle = await this.reserve(asked, generator);
      return {
        generator,
        leave: (used) => {
          this.underWay -= 1;
          settle(used);
        },
      };
    } catch (error) {
      this.underWay -= 1;
      throw error;
    }
  }

  private async reserve(
    { request, tenant, onStandings }: Admitting,
    generator: Generator | undefined,
  ): Promise<(used: Usage) => void> {
    const { promptPrice, completionPrice } = this.settings;
    const prices = generator ? { prompt: promptPrice, completion: completionPrice } : free;
    const cost = costOf(expectedTokens(request, this.settings), prices);
    const held = await this.quotas.reserve({ tenant, cost, onStandings });
    return (used) => held && this.quotas.settle(held, costOf(used, prices));
  }

  private choose(model: string | undefined): Generator | undefined {
    if (model === extractiveModel) return undefined;
    if (!this.generator && model !== undefined)
      throw new MillraceError('model_not_found', { param: 'model' });
    return this.generator;
  }
}
