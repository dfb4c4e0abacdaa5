import type { ModelComparison } from '@millrace/contracts';
import type { SearchHit } from '@millrace/ports';

/** Hits of each answer that count. */
export const depth = 10;

export interface Asked {
  readonly hits: readonly Pick<SearchHit, 'id' | 'document'>[];
  readonly millis: number;
}

export interface Both {
  readonly serving: Asked;
  readonly next: Asked;
}

const sides = ['serving', 'next'] as const;

/** Adds up what two models answered. */
export class ComparisonTally {
  private sentences = 0;
  private readonly found = { serving: 0, next: 0 };
  private readonly millis = { serving: [] as number[], next: [] as number[] };
  private readonly overlaps: number[] = [];

  /** A sentence out of that document was asked for. */
  sentence(document: string, both: Both): void {
    this.sentences += 1;
    for (const side of sides)
      if (both[side].hits.slice(0, depth).some((hit) => hit.document === document)) this.found[side] += 1;
    this.time(both);
  }

  /** A question of somebody was asked. */
  question(both: Both): void {
    const [serving, next] = sides.map((side) => new Set(both[side].hits.slice(0, depth).map(({ id }) => id)));
    const most = Math.max(serving!.size, next!.size);
    this.overlaps.push(most === 0 ? 1 : [...serving!].filter((id) => next!.has(id)).length / most);
    this.time(both);
  }

  get comparison(): ModelComparison {
    const share = (count: number): number => (this.sentences === 0 ? 1 : count / this.sentences);
    const { overlaps } = this;
    return {
      sentences: this.sentences,
      found_serving: share(this.found.serving),
      found_next: share(this.found.next),
      questions: overlaps.length,
      overlap: overlaps.length === 0 ? 1 : overlaps.reduce((sum, each) => sum + each, 0) / overlaps.length,
      millis_serving: median(this.millis.serving),
      millis_next: median(this.millis.next),
    };
  }

  private time(both: Both): void {
    for (const side of sides) this.millis[side].push(both[side].millis);
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
