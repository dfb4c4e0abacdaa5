import { visible } from '@millrace/contracts';
import type { ChatMessage, Generator } from '@millrace/ports';
import type { Turn } from './message-text.ts';

const mostTurns = 7;
const mostTurnChars = 1000;
const mostQuestionChars = 1000;

/**
 * The last question in words that need no conversation, by a language model. Undefined where what it says is no question to
 * search for: nothing, or very much. No parameters are sent, because models refuse different ones.
 */
export async function condensedByModel(
  generator: Generator,
  { model, turns }: { readonly model: string | undefined; readonly turns: readonly Turn[] },
  signal: AbortSignal,
): Promise<string | undefined> {
  let said = '';
  for await (const part of generator.generate({ model, messages: promptOf(turns), parameters: {} }, signal)) {
    if (part.type === 'delta' && part.choice === 0) said += part.delta.content ?? '';
    if (said.length > mostQuestionChars) return undefined;
  }
  return visible.test(said) ? said.trim() : undefined;
}

const promptOf = (turns: readonly Turn[]): ChatMessage[] => [
  {
    role: 'user',
    content: [
      'Rewrite the last question of this conversation so that it can be understood without the rest: put in the names that it refers to. Do not answer it. Say the rewritten question and nothing else.',
      ...turns.slice(-mostTurns).map(({ role, text }) => `${role}: ${text.slice(0, mostTurnChars)}`),
    ].join('\n\n'),
  },
];
