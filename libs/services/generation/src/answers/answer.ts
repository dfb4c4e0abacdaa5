import type { RerankOutcome, Unanswered } from '@millrace/contracts';
import type { Tier } from '../admission/service-tier.ts';
import type { ShownHistory } from '../history/history.ts';
import type { ShownSearch } from '../lookup/shown-search.ts';
import type { TextPart, ToolPart } from './answer-part.ts';
import type { ToldEnd } from './told-part.ts';

/** What is told of the way to an answer before it begins. */
export interface Way {
  /** Where the request asks to rerank. */
  readonly rerank?: RerankOutcome | undefined;
  /** Where the request asks for one. */
  readonly tier?: Tier | undefined;
  /** Where it is asked for, and something was looked up. */
  readonly search?: ShownSearch | undefined;
  /** Where the conversation was too long to be given whole. */
  readonly history?: ShownHistory | undefined;
  /** Of the question by what was found, where it was judged. */
  readonly support?: number | undefined;
}

interface Start extends Way {
  readonly type: 'start';
  readonly model: string;
  readonly generator: 'extractive' | 'model' | 'none';
  /** As the operator calls it; extracts have none. */
  readonly backend?: string | undefined;
  /** Why there is nothing but a word about that. */
  readonly unanswered?: Unanswered | undefined;
}

/** One `start`, any number of texts and tool calls, one `end`; or an error. */
export type Answer = Start | TextPart | ToolPart | Omit<ToldEnd, 'findings'>;
