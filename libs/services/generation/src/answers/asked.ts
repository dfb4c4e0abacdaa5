import type { ChatCompletionRequest, Principal } from '@millrace/contracts';
import type { QuotaStanding, TextToContinue } from '@millrace/ports';
import type { CacheOutcome } from '../cache/answer-cache-counts.ts';
import type { CacheWish } from '../cache/cache-wish.ts';

/** A question, who asks it, and what is to be told on the way. */
export interface Asked {
  readonly request: ChatCompletionRequest;
  /** What is to be continued in place of a conversation; the request has it as its user's words. */
  readonly text?: TextToContinue | undefined;
  /** To tell what was looked up and, with `passages`, what was found. */
  readonly showing?: { readonly passages: boolean } | undefined;
  readonly principal: Principal;
  readonly requestId: string;
  /** How long the answer may take, in milliseconds: what back ends are chosen by. */
  readonly budgetMs?: number | undefined;
  /** The one back end to be asked. */
  readonly backEnd?: string | undefined;
  readonly signal: AbortSignal;
  /** Whether it may be told a kept answer, and its own kept. Default: both. */
  readonly cacheWish?: CacheWish;
  /** Told how an answer that may be kept was come by, before anything of it is. */
  readonly onCache?: (outcome: CacheOutcome) => void;
  /** Told, before anything else is, how the tenant stands under the limits of its quota. */
  readonly onStandings?: (standings: readonly QuotaStanding[]) => void;
}
