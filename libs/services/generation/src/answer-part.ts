import type { SearchResult } from '@millrace/contracts';

/** A passage an answer may cite, under the number it has in the answer's `[n]`. */
export interface Source {
  readonly index: number;
  readonly passage: Pick<
    SearchResult,
    'document_id' | 'version' | 'chunk_id' | 'score' | 'title' | 'text' | 'start' | 'end'
  >;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** True when nobody counted and Millrace estimated. */
  readonly estimated: boolean;
}

export type FinishReason = 'stop' | 'length' | 'content_filter';

/** What answers are made of, whoever makes them: any number of texts, one end. */
export type AnswerPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'end'; readonly reason: FinishReason; readonly usage: Usage };

/** About four characters a token for English text (OpenAI's rule of thumb): only where nobody counted. */
export const estimateTokens = (chars: number): number => Math.ceil(chars / 4);
