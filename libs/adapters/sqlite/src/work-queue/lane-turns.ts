import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Turns } from '@millrace/ports';
import type { ClaimedJob } from './work-queue-calls.ts';

type Head = ClaimedJob & { readonly cost: number; readonly dueAt: number };

/**
 * Finds the next job of a lane. Whose turn it is lies in memory: the file has one owner, and after a start all groups
 * are equal. Groups are found by leaps over the index, so that a group's ten thousand jobs cost no more than one.
 */
export class LaneTurns {
  private readonly turns = new Map<string, Turns>();
  private readonly firstGroup: StatementSync;
  private readonly nextGroup: StatementSync;
  private readonly firstOf: StatementSync;
  private readonly dueLater: StatementSync;

  constructor(database: DatabaseSync) {
    const waiting = 'queue = ? AND running = 0 AND lane = ?';
    this.firstGroup = database.prepare(`SELECT "group" FROM job WHERE ${waiting} ORDER BY "group" LIMIT 1`);
    this.nextGroup = database.prepare(
      `SELECT "group" FROM job WHERE ${waiting} AND "group" > ? ORDER BY "group" LIMIT 1`,
    );
    this.firstOf = database.prepare(
      `SELECT seq, id, lane, data, headers, attempt + 1 AS attempt, deaths, run + 1 AS run, enqueued_at AS enqueuedAt,
         "group", cost, due_at AS dueAt
       FROM job WHERE ${waiting} AND "group" = ? AND due_at <= ? ORDER BY due_at, seq LIMIT 1`,
    );
    this.dueLater = database.prepare(
      `SELECT min(due_at) AS at FROM job WHERE ${waiting} AND "group" = ? AND due_at > ?`,
    );
  }

  /** The first runnable job of the group whose turn it is, of those without `without`. */
  next(queue: string, lane: number, now: number, without?: ReadonlySet<string>): ClaimedJob | undefined {
    const turns = this.of(queue, lane);
    let first: Head | undefined;
    for (const group of this.groups(queue, lane)) {
      if (without?.has(group)) continue;
      const head = this.firstOf.get(queue, lane, group, now) as Head | undefined;
      if (head && (!first || isBefore(turns, head, first))) first = head;
    }
    if (first) turns.take(first.group, first.cost, without !== undefined);
    else if (!without) turns.reset();
    return first;
  }

  /** When the first job is due that is not yet. */
  nextDueAt(queue: string, lane: number, now: number): number | undefined {
    const due = this.groups(queue, lane).flatMap((group) => {
      const { at } = this.dueLater.get(queue, lane, group, now) as { at: number | null };
      return at ?? [];
    });
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  private groups(queue: string, lane: number): string[] {
    const groups: string[] = [];
    let found = this.firstGroup.get(queue, lane) as { group: string } | undefined;
    while (found) {
      groups.push(found.group);
      found = this.nextGroup.get(queue, lane, found.group) as { group: string } | undefined;
    }
    return groups;
  }

  private of(queue: string, lane: number): Turns {
    const key = `${lane}${queue}`;
    const turns = this.turns.get(key) ?? new Turns();
    this.turns.set(key, turns);
    return turns;
  }
}

const isBefore = (turns: Turns, a: Head, b: Head): boolean => {
  const starts = turns.startOf(a.group) - turns.startOf(b.group);
  return starts < 0 || (starts === 0 && a.dueAt < b.dueAt);
};
