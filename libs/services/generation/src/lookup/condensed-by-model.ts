import { visible } from '@millrace/contracts';
import type { ChatMessage } from '@millrace/ports';
import { estimateTokens, type Usage } from '../answers/answer-part.ts';
import type { Turn } from './message-text.ts';
import type { Routed } from '../traffic/traffic.ts';

const mostTurns = 7;
const mostTurnChars = 1000;
const mostQuestionChars = 1000;

export interface Condensing {
  readonly turns: readonly Turn[];
  /** Told once, whatever becomes of it: it costs as well when it is late. */
  readonly onUsage: (usage: Usage) => void;
}

/**
 * The last question in words that need no conversation, by a language model. Undefined where what it says is no question to
 * search for: nothing, or very much. No parameters are sent, because models refuse different ones.
 */
export async function condensedByModel(
  routed: Routed,
  { turns, onUsage }: Condensing,
  signal: AbortSignal,
): Promise<string | undefined> {
  const prompt = promptOf(turns);
  const messages: ChatMessage[] = [{ role: 'user', content: prompt }];
  let said = '';
  let counted: Omit<Usage, 'estimated'> | undefined;
  try {
    for await (const part of routed.generate({ messages, parameters: {} }, signal)) {
      if (part.type === 'delta' && part.choice === 0) said += part.delta.content ?? '';
      if (part.type === 'end') counted = part.usage;
      if (said.length > mostQuestionChars) return undefined;
    }
    return visible.test(said) ? said.trim() : undefined;
  } finally {
    const estimate = {
      promptTokens: estimateTokens(prompt.length),
      completionTokens: estimateTokens(said.length),
    };
    onUsage({ ...(counted ?? estimate), estimated: counted === undefined });
  }
}

const promptOf = (turns: readonly Turn[]): string =>
  [
    'Rewrite the last question of this conversation so that it can be understood without the rest: put in the names that it refers to. Do not answer it. Say the rewritten question and nothing else.',
    ...turns.slice(-mostTurns).map(({ role, text }) => `${role}: ${text.slice(0, mostTurnChars)}`),
  ].join('\n\n');
