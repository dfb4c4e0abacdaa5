import { visible } from '@millrace/contracts';
import { saidByModel, type Aside } from '../model/said-by-model.ts';
import type { Turn } from './message-text.ts';
import type { Routed } from '../traffic/traffic.ts';

const mostTurns = 7;
const mostTurnChars = 1000;
const mostQuestionChars = 1000;

export interface Condensing extends Pick<Aside, 'onUsage'> {
  readonly turns: readonly Turn[];
}

/**
 * The last question in words that need no conversation, by a language model. Undefined where what it says is no question to
 * search for: nothing, or very much.
 */
export async function condensedByModel(
  routed: Routed,
  { turns, onUsage }: Condensing,
  signal: AbortSignal,
): Promise<string | undefined> {
  const aside = { prompt: promptOf(turns), mostChars: mostQuestionChars, onUsage };
  const said = await saidByModel(routed, aside, signal);
  return visible.test(said) && said.length <= mostQuestionChars ? said.trim() : undefined;
}

const promptOf = (turns: readonly Turn[]): string =>
  [
    'Rewrite the last question of this conversation so that it can be understood without the rest: put in the names that it refers to. Do not answer it. Say the rewritten question and nothing else.',
    ...turns.slice(-mostTurns).map(({ role, text }) => `${role}: ${text.slice(0, mostTurnChars)}`),
  ].join('\n\n');
