import type { SearchResult } from '@millrace/contracts';
import type { CountedTokens, FinishReason } from '@millrace/ports';

/** A passage an answer may cite, under the number it has in the answer's `[n]`. */
export interface Source {
  readonly index: number;
  readonly passage: Pick<
    SearchResult,
    'document_id' | 'version' | 'chunk_id' | 'score' | 'title' | 'text' | 'start' | 'end'
  >;
  /** What its answerer saw of it, where that is more than title and text. */
  readonly seen?: string | undefined;
}

export interface Usage extends CountedTokens {
  /** True when nobody counted and Millrace estimated. */
  readonly estimated: boolean;
}

/** What a piece of text belongs to; `tool:<n>`: the arguments of the n-th tool call. Each is moderated as a text of its own. */
export type Channel = 'content' | 'reasoning' | 'refusal' | `tool:${number}`;

export interface TextPart {
  readonly type: 'text';
  readonly channel: Channel;
  readonly text: string;
}

/** A tool call begins; its arguments follow as text. */
export interface ToolPart {
  readonly type: 'tool';
  readonly index: number;
  readonly id: string;
  readonly name: string;
}

/** The back end has taken the question. */
export interface StartPart {
  readonly type: 'start';
  /** As it calls itself; empty when it does not say. */
  readonly model: string;
}

/** What answers are made of, whoever makes them: one start, any number of texts and tool calls, one end. */
export type AnswerPart =
  | StartPart
  | TextPart
  | ToolPart
  | { readonly type: 'end'; readonly reason: FinishReason; readonly usage: Usage };

/** About four characters a token for English text (OpenAI's rule of thumb): only where nobody counted. */
export const estimateTokens = (chars: number): number => Math.ceil(chars / 4);
