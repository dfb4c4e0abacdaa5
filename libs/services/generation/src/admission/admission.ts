import { Inject, Injectable } from '@nestjs/common';
import type { ChatCompletionRequest } from '@millrace/contracts';
import type { SettingsOf } from '@millrace/platform';
import type { Price, QuotaStanding, TextToContinue } from '@millrace/ports';
import type { Usage } from '../answers/answer-part.ts';
import { extractiveModel } from '../extracts/extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { refuseNothingAsked, refuseUnsupported } from '../model/model-answerer.ts';
import { needsOf } from '../traffic/needs.ts';
import { Traffic, type Routed } from '../traffic/traffic.ts';
import { AnswerQueue, type Place } from './answer-queue.ts';
import { costOf, expectedTokens } from './cost.ts';
import { Quotas } from './quotas.ts';
import { serviceOf } from './service.ts';
import { tierOf, type Tier } from './service-tier.ts';

export interface Admitting {
  readonly request: ChatCompletionRequest;
  readonly tenant: string;
  /** What the request is about, where it is no conversation. */
  readonly text?: TextToContinue | undefined;
  /** How long the answer may take, in milliseconds. */
  readonly budgetMs?: number | undefined;
  /** The one back end that may be asked. */
  readonly backEnd?: string | undefined;
  /** Of one who goes away while he waits. */
  readonly signal: AbortSignal;
  readonly onStandings?: ((standings: readonly QuotaStanding[]) => void) | undefined;
}

export interface Admitted {
  /** Undefined: extracts, because there is no model or because they were asked for. */
  readonly routed: Routed | undefined;
  readonly tier: Tier;
  readonly waitedMs: number;
  /** What the answer has used so far: asked for whenever it matters whose turn it is. */
  readonly follow: (used: () => Usage) => void;
  /** To be called once, whatever became of the answer, with the price of who gave it. */
  readonly leave: (used: Usage, price: Price | undefined) => void;
}

const free: Price = { prompt: 0, completion: 0 };

/**
 * Lets in what can be answered, when it is its turn, and what the tenant's quota has room for. The quota is asked when there
 * is a place: who waits in vain has reserved nothing.
 */
@Injectable()
export class Admission {
  constructor(
    @Inject(Traffic) private readonly traffic: Traffic,
    @Inject(Quotas) private readonly quotas: Quotas,
    @Inject(AnswerQueue) private readonly queue: AnswerQueue,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  /** Rejects before anything is begun. */
  async admit(asked: Admitting): Promise<Admitted> {
    const { request, tenant, signal, budgetMs = this.settings.budgetMs } = asked;
    refuseUnsupported(request);
    if (this.choose(asked, budgetMs)) refuseNothingAsked(request);
    const { promptTokens } = expectedTokens(request, this.settings);
    const tier = tierOf(request.service_tier, this.settings.priorityTenants.includes(tenant));
    const service = serviceOf({ promptTokens, completionTokens: 0 });
    const place = await this.queue.take({ tenant, tier, service }, { budgetMs, signal });
    const { waitedMs } = place;
    const follow: Admitted['follow'] = (used) =>
      place.follow(() => serviceOf({ promptTokens, completionTokens: used().completionTokens }));
    try {
      // What is left of the budget may ask for another back end.
      const routed = this.choose(asked, budgetMs && Math.max(1, Math.round(budgetMs - waitedMs)));
      const leave = await this.reserve(asked, routed, place);
      return { routed, tier, waitedMs, follow, leave };
    } catch (error) {
      place.leave(0);
      throw error;
    }
  }

  private async reserve(
    { request, tenant, onStandings }: Admitting,
    routed: Routed | undefined,
    place: Place,
  ): Promise<Admitted['leave']> {
    const cost = costOf(expectedTokens(request, this.settings), routed?.dearest ?? free);
    const held = await this.quotas.reserve({ tenant, cost, onStandings });
    return (used, price = free) => {
      place.leave(serviceOf(used));
      if (held) this.quotas.settle(held, costOf(used, price));
    };
  }

  private choose(asked: Admitting, budgetMs: number | undefined): Routed | undefined {
    const { request, text, backEnd } = asked;
    const { model } = request;
    if (model === extractiveModel) return undefined;
    if (this.traffic.isEmpty && model === undefined && backEnd === undefined) return undefined;
    return this.traffic.route({ model, needs: needsOf(request, text), backEnd, budgetMs });
  }
}
