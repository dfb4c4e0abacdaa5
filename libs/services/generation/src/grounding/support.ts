import { Inject, Injectable } from '@nestjs/common';
import type { ChatCompletionRequest, SearchResult } from '@millrace/contracts';
import { Caller, type SettingsOf } from '@millrace/platform';
import { analyseTerms } from '@millrace/text';
import { generationSettings } from '../generation-settings.ts';
import type { LookedUp } from '../lookup/lookup.ts';
import { wordsForDocuments } from './document-question.ts';
import { UnrelatedCosine } from './unrelated.ts';

export interface Judged {
  /** How far the best passage takes up the question, 0 to 1. */
  readonly support: number;
  /** Too little to answer from. */
  readonly isWeak: boolean;
}

/** Whether what was found can answer a question, before anybody is asked to answer it. */
@Injectable()
export class Support {
  private readonly unrelated: UnrelatedCosine;

  constructor(
    @Inject(Caller) caller: Caller,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {
    this.unrelated = new UnrelatedCosine(caller);
  }

  /** Undefined: not judged, for nothing was looked up, or it may be answered without documents. */
  async judge(
    request: ChatCompletionRequest,
    { question, passages, model }: LookedUp,
    signal: AbortSignal,
  ): Promise<Judged | undefined> {
    const least = leastOf(request) ?? this.settings.leastSupport;
    const words = passages && least > 0 ? wordsForDocuments(request, question) : undefined;
    if (!passages || !words) return undefined;
    const base = model === undefined ? undefined : await this.unrelated.of(model, signal);
    const support = passages.reduce((best, passage) => Math.max(best, supportBy(passage, words, base)), 0);
    return { support: rounded(support), isWeak: support < least };
  }
}

/** More digits would say nothing. */
const rounded = (support: number): number => Math.round(support * 1000) / 1000;

const leastOf = ({ millrace }: ChatCompletionRequest): number | undefined =>
  millrace?.retrieval ? millrace.retrieval.least_support : undefined;

/**
 * Half the share of the question's words that the passage has, half how near it is in meaning: the cosine, from that of
 * texts with nothing in common (0) to 1. By words alone where nothing was looked up by meaning.
 */
export function supportBy(
  { title = '', headings, text, explanation }: SearchResult,
  words: readonly string[],
  unrelated: number | undefined,
): number {
  const own = new Set(analyseTerms([title, ...headings, text].join('\n')));
  const covered = words.filter((word) => own.has(word)).length / words.length;
  const byMeaning = explanation && (explanation.dense ?? explanation.absent.includes('dense'));
  if (unrelated === undefined || !byMeaning) return covered;
  const cosine = explanation.dense?.score ?? unrelated;
  const near = Math.min(1, Math.max(0, (cosine - unrelated) / Math.max(1 - unrelated, Number.EPSILON)));
  return (covered + near) / 2;
}
