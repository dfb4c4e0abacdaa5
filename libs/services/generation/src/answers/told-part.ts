import type { Citation, ModerationFinding } from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';
import type { TextPart, ToolPart, Usage } from './answer-part.ts';

/** A category that moderation found in what leaves, and what it did about it. */
export type Found = Pick<ModerationFinding, 'category' | 'action'>;

export interface ToldStart {
  readonly type: 'start';
  readonly model: string;
  readonly backend: string;
}

export interface ToldEnd {
  readonly type: 'end';
  readonly reason: FinishReason;
  readonly usage: Usage;
  readonly citations: readonly Citation[];
  /** Each once. */
  readonly findings: readonly Found[];
}

/** What an answer is made of once moderation has let it pass, whoever it is told to. */
export type ToldPart = ToldStart | TextPart | ToolPart | ToldEnd;
