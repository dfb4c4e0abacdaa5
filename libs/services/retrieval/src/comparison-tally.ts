import type { ModelComparison } from '@millrace/contracts';
import type { SearchHit } from '@millrace/ports';

/** Hits of each answer that count. */
export const depth = 10;

/** Chunks that a sentence must have been looked for among, to say something: of fewer, ten are found by chance. */
export const crowd = 50;

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
  private readonly alike: number[] = [];

  /** A sentence out of that document was asked for, and `crowd` hits. */
  sentence(document: string, both: Both): void {
    if (!isCrowded(both)) return;
    this.sentences += 1;
    this.alike.push(overlapOf(both));
    for (const side of sides)
      if (both[side].hits.slice(0, depth).some((hit) => hit.document === document)) this.found[side] += 1;
    this.time(both);
  }

  /** A question of somebody was asked. */
  question(both: Both): void {
    this.overlaps.push(overlapOf(both));
    this.time(both);
  }

  get comparison(): ModelComparison {
    const share = (count: number): number => (this.sentences === 0 ? 0 : count / this.sentences);
    return {
      sentences: this.sentences,
      found_serving: share(this.found.serving),
      found_next: share(this.found.next),
      ...(this.alike.length > 0 && { alike: mean(this.alike) }),
      questions: this.overlaps.length,
      overlap: this.overlaps.length === 0 ? 1 : mean(this.overlaps),
      millis_serving: median(this.millis.serving),
      millis_next: median(this.millis.next),
    };
  }

  private time(both: Both): void {
    for (const side of sides) this.millis[side].push(both[side].millis);
  }
}

/** Whether both were asked among enough to say something. */
export const isCrowded = ({ serving, next }: Both): boolean =>
  Math.min(serving.hits.length, next.hits.length) >= crowd;

/** Share of the first hits that both have. */
export function overlapOf(both: Both): number {
  const [serving, next] = sides.map((side) => new Set(both[side].hits.slice(0, depth).map(({ id }) => id)));
  const most = Math.max(serving!.size, next!.size);
  return most === 0 ? 1 : [...serving!].filter((id) => next!.has(id)).length / most;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
