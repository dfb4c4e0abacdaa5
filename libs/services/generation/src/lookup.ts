import { Inject, Injectable } from '@nestjs/common';
import {
  calls,
  searchRequest,
  type ChatCompletionRequest,
  type Principal,
  type RerankOutcome,
  type SearchResult,
} from '@millrace/contracts';
import { Caller, type SettingsOf } from '@millrace/platform';
import { generationSettings } from './generation-settings.ts';

/** The longest question that is searched for; the model sees all of it. */
const maxQueryChars = 8192;

export interface LookedUp {
  /** Undefined when the request wants none. */
  readonly passages: readonly SearchResult[] | undefined;
  /** Where the request asks to rerank. */
  readonly rerank?: RerankOutcome | undefined;
}

/** Finds the passages that a question is answered from, as far as its request wants any. */
@Injectable()
export class Lookup {
  constructor(
    @Inject(Caller) private readonly caller: Caller,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  async find(
    { millrace }: ChatCompletionRequest,
    question: string,
    principal: Principal,
    signal: AbortSignal,
  ): Promise<LookedUp> {
    const options = millrace?.retrieval ?? {};
    if (options === false) return { passages: undefined };
    if (question === '') return { passages: [] };
    const request = searchRequest.parse({
      top_k: this.settings.passages,
      ...options,
      query: question.slice(0, maxQueryChars),
    });
    const { results, rerank } = await this.caller.call(
      calls.findPassages,
      { principal, request },
      { signal },
    );
    return { passages: results, rerank: rerank?.outcome };
  }
}
