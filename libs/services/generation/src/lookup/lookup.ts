import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  searchRequest,
  type Principal,
  type RerankOutcome,
  type SearchResult,
} from '@millrace/contracts';
import { Caller, type SettingsOf } from '@millrace/platform';
import { FollowUps, type FollowUp } from './follow-ups.ts';
import { generationSettings } from '../generation-settings.ts';
import { questionIn } from './message-text.ts';

/** The longest question that is searched for; the model sees all of it. */
const maxQueryChars = 8192;

export interface Wanted extends FollowUp {
  readonly principal: Principal;
}

export interface LookedUp {
  /** What was asked, put in full where it leaned on earlier questions. */
  readonly question: string;
  /** Undefined when the request wants none. */
  readonly passages: readonly SearchResult[] | undefined;
  /** Where the request asks to rerank. */
  readonly rerank?: RerankOutcome | undefined;
  /** Fingerprint of the model by whose vectors they were found. */
  readonly model?: string | undefined;
}

/** Finds the passages that a question is answered from, as far as its request wants any. */
@Injectable()
export class Lookup {
  constructor(
    @Inject(Caller) private readonly caller: Caller,
    @Inject(FollowUps) private readonly followUps: FollowUps,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  async find({ principal, ...asked }: Wanted): Promise<LookedUp> {
    const { request: chat, signal } = asked;
    const question = questionIn(chat.messages);
    const retrieval = chat.millrace?.retrieval ?? {};
    if (retrieval === false) return { question, passages: undefined };
    if (question === '') return { question, passages: [] };
    const { least_support: _, ...options } = retrieval;
    const inFull = await this.followUps.inFull(question, asked);
    const request = searchRequest.parse({
      top_k: this.settings.passages,
      ...options,
      // How near a passage is in meaning.
      explain: true,
      query: inFull.slice(0, maxQueryChars),
    });
    const { results, model, rerank } = await this.caller.call(
      calls.findPassages,
      { principal, request },
      { signal },
    );
    return { question: inFull, passages: results, model, rerank: rerank?.outcome };
  }
}
