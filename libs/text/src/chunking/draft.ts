import { headingLine } from './context.ts';
import type { Unit } from './unit.ts';

/** What the units of a chunk together may take, the headings taken off. */
export interface Limits {
  readonly tokens: number;
  /** In UTF-16 units. */
  readonly chars: number;
}

/** A chunk in the making: consecutive units of one stretch of the text. */
export class Draft {
  readonly units: Unit[] = [];
  /** Sum over the units; exact as long as white space lies between them. */
  tokens = 0;

  constructor(
    /** Headings above the first unit, outermost first. */
    readonly headings: readonly string[],
    /** Level of the section it begins in. */
    readonly level: number,
    readonly limits: Limits,
  ) {}

  get start(): number {
    return this.units[0]?.start ?? 0;
  }

  get end(): number {
    return this.units.at(-1)?.end ?? 0;
  }

  /** The text of the last heading is yet to come. */
  get endsInHeading(): boolean {
    return this.units.at(-1)?.kind === 'heading';
  }

  takes(unit: Unit): boolean {
    return (
      this.tokens + unit.tokens <= this.limits.tokens &&
      Math.max(this.end, unit.end) - (this.units.length > 0 ? this.start : unit.start) <= this.limits.chars
    );
  }

  append(unit: Unit): void {
    this.units.push(unit);
    this.tokens += unit.tokens;
  }

  /** Moves units from the end of `previous` to the front of this one until this one has `enough` tokens. */
  refillFrom(previous: Draft, enough: number, keep: number): void {
    for (let last = previous.units.at(-1); last && this.tokens < enough; last = previous.units.at(-1)) {
      const movable =
        previous.tokens - last.tokens >= keep &&
        this.tokens + last.tokens <= this.limits.tokens &&
        this.end - last.start <= this.limits.chars &&
        last.kind !== 'heading' &&
        last.grain !== 'piece' &&
        last.header === this.units[0]?.header;
      if (!movable) return;
      previous.units.pop();
      previous.tokens -= last.tokens;
      this.units.unshift(last);
      this.tokens += last.tokens;
    }
  }
}

/** A token of ordinary prose has 4 to 5 characters; far longer ones are not words, and a chunk of them has an end. */
export const charsPerToken = 16;

/** No heading may take more than a quarter of the room; of a path that takes more than half, the outermost go first. */
export function fittingHeadings(
  headings: readonly string[],
  room: number,
  count: (text: string) => number,
): { headings: readonly string[]; tokens: number } {
  const most = room / 4;
  const short = headings.filter(
    (heading) => heading.length <= most * charsPerToken && count(heading) <= most,
  );
  for (let first = 0; first < short.length; first++) {
    const kept = short.slice(first);
    const tokens = count(headingLine(kept));
    if (tokens <= room / 2) return { headings: kept, tokens };
  }
  return { headings: [], tokens: 0 };
}
