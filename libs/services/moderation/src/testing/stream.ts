import type { ModerationPolicy } from '@millrace/contracts';
import { moderate, type ModerationOutput } from '../engine/moderate.ts';
import { detectors } from '../rules/index.ts';

export interface Released {
  readonly text: string;
  readonly blocked: boolean;
  /** The most that was held back at any time. */
  readonly held: number;
  /** The categories that were told of and not acted upon. */
  readonly flagged: readonly string[];
}

/** What a client sees of an answer that arrives in these pieces. */
export function stream(
  pieces: readonly string[],
  encoding: 'text' | 'json' = 'text',
  policy: ModerationPolicy = {},
): Released {
  let released = '';
  let context: ModerationOutput['next'] = { preceding: '', encoding };
  let pending = '';
  let held = 0;
  const flags = new Set<string>();
  const flagged = () => [...flags].sort();
  for (const [at, piece] of pieces.entries()) {
    pending += piece;
    const final = at === pieces.length - 1;
    const answer = moderate(detectors, {
      ...{ direction: 'output' as const, policy: { version: 'test', policy } },
      ...{ ...context, text: pending, final },
    });
    released += answer.text;
    for (const { action, category } of answer.findings) if (action === 'flag') flags.add(category);
    if (answer.action === 'block') return { text: released, blocked: true, held, flagged: flagged() };
    context = answer.next;
    pending = pending.slice(answer.holdFrom);
    held = Math.max(held, pending.length);
  }
  if (pending !== '') throw new Error(`never released: ${pending}`);
  return { text: released, blocked: false, held, flagged: flagged() };
}

export function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, at) => text.slice(from, places[at] ?? text.length));
}
