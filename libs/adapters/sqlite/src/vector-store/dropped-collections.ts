import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ErasedTerms } from './erased-terms.ts';

/** Rows after which a step ends: some ten milliseconds. */
const stepRows = 1_000;

/** What a space consists of, in the order in which it goes: some ids, and the tables that have rows by them. */
const parts: readonly (readonly [ids: string, ...from: string[]])[] = [
  ['SELECT id FROM vector WHERE space = ? LIMIT 64', 'text_index.rowid', 'chunk.id', 'vector.id'],
  ['SELECT id FROM facet WHERE space = ? LIMIT 16', 'fact.facet', 'access.facet', 'facet.id'],
  [
    `SELECT rowid AS id FROM staged
     WHERE document IN (SELECT id FROM document WHERE space = ? ORDER BY name LIMIT 64) LIMIT 64`,
    'staged.rowid',
  ],
  ['SELECT id FROM document WHERE space = ? ORDER BY name LIMIT 64', 'document.id'],
  ['SELECT id FROM space WHERE id = ?', 'space.id'],
];

interface Part {
  readonly ids: StatementSync;
  readonly deletes: readonly StatementSync[];
}

/** Collections that no call meets any more, and how what is left of them leaves the file: see `inSteps`. */
export class DroppedCollections {
  private readonly parts: readonly Part[];
  private readonly next: StatementSync;

  constructor(
    private readonly database: DatabaseSync,
    private readonly erasures: ErasedTerms,
  ) {
    this.parts = parts.map(([ids, ...from]) => ({
      ids: database.prepare(ids),
      deletes: from.map((field) => database.prepare(deletion(field))),
    }));
    this.next = database.prepare(
      `SELECT dropped.collection, space.id AS space
       FROM dropped LEFT JOIN space ON space.collection = dropped.collection LIMIT 1`,
    );
  }

  /** From now on there is none of this name. */
  add(name: string): void {
    this.database.prepare('INSERT INTO dropped SELECT id FROM collection WHERE name = ?').run(name);
    this.database.prepare('DELETE FROM collection WHERE name = ?').run(name);
  }

  /** One step. True once nothing is left of any. */
  clear(): boolean {
    for (let rows = 0; rows < stepRows;) {
      const left = this.next.get() as { collection: number; space: number | null } | undefined;
      if (!left) return true;
      if (left.space === null) this.finish(left.collection);
      else rows += this.clearSome(left.space);
    }
    return false;
  }

  private clearSome(space: number): number {
    for (const { ids, deletes } of this.parts) {
      const some = ids.all(space).map(({ id }) => id);
      if (some.length > 0) return changesOf(deletes, JSON.stringify(some));
    }
    return 0;
  }

  private finish(collection: number): void {
    this.database.prepare('DELETE FROM dropped WHERE collection = ?').run(collection);
    this.erasures.note();
  }
}

function deletion(field: string): string {
  const [table, column] = field.split('.');
  return `DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`;
}

const changesOf = (deletes: readonly StatementSync[], ids: string): number =>
  deletes.reduce((sum, statement) => sum + Number(statement.run(ids).changes), 0);
