import type { ChatCompletionChunk, Citation } from '@millrace/contracts';

/** A question with its answer, as far as it has come. */
export interface Turn {
  readonly key: number;
  readonly question: string;
  readonly text: string;
  readonly state: 'streaming' | 'complete' | 'stopped' | 'failed';
  /** One for each number in the text. */
  readonly sources: readonly Citation[];
  /** `extractive`: sentences of the documents, no language model. */
  readonly generator?: 'extractive' | 'model' | 'none';
  readonly finishReason?: string;
  readonly error?: unknown;
}

export type Change =
  | { readonly type: 'asked'; readonly key: number; readonly question: string }
  | { readonly type: 'frame'; readonly frame: ChatCompletionChunk }
  | { readonly type: 'ended'; readonly state: 'complete' | 'stopped' }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'dropped' }
  | { readonly type: 'cleared' };

/** Every change but a new question and a new beginning concerns the last turn. */
export function reduce(turns: readonly Turn[], change: Change): readonly Turn[] {
  if (change.type === 'asked') {
    const { key, question } = change;
    return [...turns, { key, question, text: '', state: 'streaming', sources: [] }];
  }
  if (change.type === 'cleared') return [];
  const before = turns.slice(0, -1);
  const last = turns.at(-1);
  if (change.type === 'dropped' || !last) return before;
  return [...before, changed(last, change)];
}

function changed(turn: Turn, change: Exclude<Change, { type: 'asked' | 'dropped' | 'cleared' }>): Turn {
  if (change.type === 'frame') return withFrame(turn, change.frame);
  if (change.type === 'ended') return { ...turn, state: change.state };
  return { ...turn, state: 'failed', error: change.error };
}

function withFrame(turn: Turn, { choices, millrace }: ChatCompletionChunk): Turn {
  // The frame with the usage has no choice.
  const [choice] = choices;
  return {
    ...turn,
    text: turn.text + (choice?.delta.content ?? ''),
    sources: withSources(turn.sources, choice?.delta.annotations ?? []),
    ...(choice?.finish_reason && { finishReason: choice.finish_reason }),
    ...(millrace && { generator: millrace.generator }),
  };
}

/** A source that is cited twice has two annotations. */
function withSources(sources: readonly Citation[], annotations: readonly Citation[]): readonly Citation[] {
  if (annotations.length === 0) return sources;
  const byIndex = new Map([...annotations, ...sources].map((citation) => [citation.index, citation]));
  return [...byIndex.values()].sort((a, b) => a.index - b.index);
}

/** A type and not an interface: the contract takes messages with further fields. */
export type ChatMessage = { readonly role: 'user' | 'assistant'; readonly content: string };

/** What the server is told of the conversation. Answers that failed are left out. */
export const messagesOf = (turns: readonly Turn[]): ChatMessage[] =>
  turns.flatMap(({ question, text, state }): ChatMessage[] => [
    { role: 'user', content: question },
    ...(text && state !== 'failed' && state !== 'streaming'
      ? [{ role: 'assistant' as const, content: text }]
      : []),
  ]);
