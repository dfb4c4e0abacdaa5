import { Inject, Injectable } from '@nestjs/common';
import { MillraceError, type ChatCompletionRequest } from '@millrace/contracts';
import type { SettingsOf } from '@millrace/platform';
import type { Price, QuotaStanding, TextToContinue } from '@millrace/ports';
import type { Usage } from '../answer-part.ts';
import { extractiveModel } from '../extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { refuseNothingAsked, refuseUnsupported } from '../model-answerer.ts';
import { needsOf } from '../traffic/needs.ts';
import { Traffic, type Routed } from '../traffic/traffic.ts';
import { costOf, expectedTokens } from './cost.ts';
import { Quotas } from './quotas.ts';

export interface Admitting {
  readonly request: ChatCompletionRequest;
  readonly tenant: string;
  /** What the request is about, where it is no conversation. */
  readonly text?: TextToContinue | undefined;
  /** How long the answer may take, in milliseconds. */
  readonly budgetMs?: number | undefined;
  /** The one back end that may be asked. */
  readonly backEnd?: string | undefined;
  readonly onStandings?: ((standings: readonly QuotaStanding[]) => void) | undefined;
}

export interface Admitted {
  /** Undefined: extracts, because there is no model or because they were asked for. */
  readonly routed: Routed | undefined;
  /** To be called once, whatever became of the answer, with the price of who gave it. */
  readonly leave: (used: Usage, price: Price | undefined) => void;
}

const free: Price = { prompt: 0, completion: 0 };

/** Lets in what can be answered, what there is a place for, and what the tenant's quota has room for. */
@Injectable()
export class Admission {
  private underWay = 0;

  constructor(
    @Inject(Traffic) private readonly traffic: Traffic,
    @Inject(Quotas) private readonly quotas: Quotas,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  /** Rejects before anything is begun. */
  async admit(asked: Admitting): Promise<Admitted> {
    refuseUnsupported(asked.request);
    const routed = this.choose(asked);
    if (routed) refuseNothingAsked(asked.request);
    if (this.underWay >= this.settings.maxAnswers) throw new MillraceError('queue_full', { retryAfter: 1 });
    this.underWay += 1;
    try {
      const settle = await this.reserve(asked, routed);
      return {
        routed,
        leave: (used, price) => {
          this.underWay -= 1;
          settle(used, price);
        },
      };
    } catch (error) {
      this.underWay -= 1;
      throw error;
    }
  }

  private async reserve(
    { request, tenant, onStandings }: Admitting,
    routed: Routed | undefined,
  ): Promise<Admitted['leave']> {
    const cost = costOf(expectedTokens(request, this.settings), routed?.dearest ?? free);
    const held = await this.quotas.reserve({ tenant, cost, onStandings });
    return (used, price = free) => held && this.quotas.settle(held, costOf(used, price));
  }

  private choose(asked: Admitting): Routed | undefined {
    const { request, text, budgetMs = this.settings.budgetMs, backEnd } = asked;
    const { model } = request;
    if (model === extractiveModel) return undefined;
    if (this.traffic.isEmpty && model === undefined && backEnd === undefined) return undefined;
    return this.traffic.route({ model, needs: needsOf(request, text), backEnd, budgetMs });
  }
}
