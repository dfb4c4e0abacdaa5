import type { Citation, Groundedness, ModerationFinding, Unanswered } from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';
import type { TextPart, ToolPart, Usage } from './answer-part.ts';

/** A category that moderation found in what leaves, and what it did about it. */
export type Found = Pick<ModerationFinding, 'category' | 'action'>;

export interface ToldStart {
  readonly type: 'start';
  readonly model: string;
  readonly backend: string;
  /** Why there is nothing but a word about that. */
  readonly unanswered?: Unanswered | undefined;
}

export interface ToldEnd {
  readonly type: 'end';
  readonly reason: FinishReason;
  readonly usage: Usage;
  readonly citations: readonly Citation[];
  /** Where it had sources and states something. */
  readonly groundedness?: Groundedness | undefined;
  /** Each once. */
  readonly findings: readonly Found[];
}

/** What an answer is made of once moderation has let it pass, whoever it is told to. */
export type ToldPart = ToldStart | TextPart | ToolPart | ToldEnd;
