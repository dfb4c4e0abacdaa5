import { messageOf, Problem } from '../api/problem.ts';
import type { Turn } from './conversation.ts';

const place = 'millrace-conversation';
/** The newest turns are kept; what a browser grants a tab is about 5 million characters. */
const mostTurns = 50;
const mostCharacters = 1_000_000;

/** What outlives a reload: an error by its words, as it does not pass through JSON. */
type Kept = Omit<Turn, 'error'> & { readonly problem?: { readonly message: string; readonly code?: string } };

/** The newest turns as text, within the bounds. An answer on its way counts as one that broke off. */
export function written(turns: readonly Turn[]): string {
  let kept = turns.slice(-mostTurns).map(toKept);
  let text = JSON.stringify(kept);
  while (text.length > mostCharacters && kept.length > 0) {
    kept = kept.slice(Math.ceil(kept.length / 4));
    text = JSON.stringify(kept);
  }
  return text;
}

/** Nothing where nothing is kept, or what is kept is not of this console. */
export function read(text: string | null): readonly Turn[] {
  try {
    const kept = JSON.parse(text ?? '[]') as readonly Kept[];
    return kept.every(isTurn) ? kept.map(fromKept) : [];
  } catch {
    return [];
  }
}

/** Another version of the console may have written it. */
const isTurn = ({ key, question, text, sources }: Kept): boolean =>
  Number.isInteger(key) && typeof question === 'string' && typeof text === 'string' && Array.isArray(sources);

const leftBehind = { message: 'The page was left before the answer was complete.' };

function toKept({ error, ...turn }: Turn): Kept {
  if (turn.state === 'streaming') return { ...turn, state: 'failed', problem: leftBehind };
  if (turn.state !== 'failed') return turn;
  const code = error instanceof Problem ? error.code : undefined;
  return { ...turn, problem: { message: messageOf(error), ...(code && { code }) } };
}

const fromKept = ({ problem, ...turn }: Kept): Turn =>
  problem ? { ...turn, error: new Problem(problem.message, problem.code) } : turn;

/** The conversation of this tab. It goes when the tab is closed. */
export const keptTurns = {
  get: (): readonly Turn[] => read(sessionStorage.getItem(place)),
  set: (turns: readonly Turn[]): void => {
    try {
      sessionStorage.setItem(place, written(turns));
    } catch {
      // The tab's storage is full: the conversation lasts until a reload.
    }
  },
};
