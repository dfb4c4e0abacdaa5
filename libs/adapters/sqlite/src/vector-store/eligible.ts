import type { DatabaseSync } from 'node:sqlite';
import type { Scored, VectorQuery } from '@millrace/ports';
import { accessTest, all, filterTest, type FacetTest } from './facet-filter.ts';

/** A chunk that a ranking proposes. */
export interface Candidate extends Scored {
  /** `chunk.id` in the file. */
  readonly id: number;
}

/** The chunks of a space that the access list and the filter admit; worked out before anything is ranked. */
export class Eligible {
  /** On a row of `vector`. */
  readonly test: FacetTest;
  /** True when the test admits every chunk of the space. */
  readonly everything: boolean;

  constructor(
    private readonly database: DatabaseSync,
    readonly space: number,
    { access, filter }: Pick<VectorQuery, 'access' | 'filter'>,
  ) {
    const tests = [
      ...(this.hasRestricted() ? [accessTest(space, access)] : []),
      ...(filter && Object.keys(filter).length > 0 ? [filterTest(space, filter)] : []),
    ];
    this.everything = tests.length === 0;
    this.test = this.everything ? all([]) : throughFacet(space, all(tests));
  }

  /** How many, counted no further than `enough`. */
  count(enough: number): number {
    const { n } = this.database
      .prepare(
        `SELECT count(*) AS n FROM (SELECT 1 FROM vector WHERE space = ? AND ${this.test.sql} LIMIT ?)`,
      )
      .get(this.space, ...this.test.params, enough) as { n: number };
    return n;
  }

  /** Their ids. */
  ids(): Set<number> {
    const select = this.database.prepare(`SELECT id FROM vector WHERE space = ? AND ${this.test.sql}`);
    select.setReturnArrays(true);
    const rows = select.all(this.space, ...this.test.params) as unknown as [number][];
    return new Set(rows.map(([id]) => id));
  }

  private hasRestricted(): boolean {
    return (
      this.database
        .prepare('SELECT 1 FROM facet WHERE space = ? AND restricted = 1 LIMIT 1')
        .get(this.space) !== undefined
    );
  }
}

const throughFacet = (space: number, { sql, params }: FacetTest): FacetTest => ({
  sql: `vector.facet IN (SELECT facet.id FROM facet WHERE facet.space = ? AND ${sql})`,
  params: [space, ...params],
});
