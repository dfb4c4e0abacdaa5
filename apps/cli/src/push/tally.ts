import { count } from '../output/printable.ts';
import { table } from '../output/table.ts';
import type { Outcome } from './push-files.ts';

/** The last state of every file, counted. */
export class Tally {
  private readonly outcomes = new Map<string, Outcome>();

  set(outcome: Outcome): void {
    this.outcomes.set(outcome.id, outcome);
  }

  get all(): Outcome[] {
    return [...this.outcomes.values()];
  }

  /** Files that the server has, or has refused. */
  get sent(): number {
    return this.outcomes.size;
  }

  /** Files of which nothing more will be heard. */
  get settled(): number {
    return this.sent - this.count('accepted');
  }

  get failed(): Outcome[] {
    return this.all.filter(({ state }) => state === 'dead-lettered' || state === 'refused');
  }

  count(state: Outcome['state']): number {
    return this.all.filter((outcome) => outcome.state === state).length;
  }

  /** `indexed 40, dead-lettered 2`: what there is of each state. */
  get text(): string {
    const parts = shownStates
      .map((state) => [state, this.count(state)] as const)
      .filter(([state, n]) => n > 0 || state === 'indexed');
    return parts.map(([state, n]) => `${state} ${n}`).join(', ');
  }
}

const shownStates = ['indexed', 'unchanged', 'accepted', 'deleted', 'dead-lettered', 'refused'] as const;

/** The end of a push, for a person. */
export function summaryLines(tally: Tally, files: number, seconds: number): string {
  const { failed } = tally;
  const line = `${capital(tally.text)} (${count(files, 'file')}, ${seconds.toFixed(1)} s)`;
  if (failed.length === 0) return line;
  const rows = failed.map(({ id, state, reason }) => [
    id,
    state,
    reason ? `${reason.code}: ${reason.message}` : 'no reason was given',
  ]);
  return `${line}\n\n${table(['id', 'state', 'reason'], rows)}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
