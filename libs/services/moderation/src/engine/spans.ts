import type { ModerationCategory } from '@millrace/contracts';

/** Something to act on. Offsets in the text handed over. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly category: ModerationCategory;
  readonly score: number;
  readonly blocks: boolean;
  /** Not decided yet: it may turn out to be nothing, or to go on. */
  readonly open: boolean;
}

/** Spans that overlap, acted on as one. */
export interface Union {
  readonly start: number;
  /** The end of what is decided; behind an open span nothing counts. */
  readonly end: number;
  readonly open: boolean;
  readonly blocks: boolean;
  readonly category: ModerationCategory;
}

/**
 * Overlapping spans can form a chain without end, and a union is only released whole. One that grows longer than this is
 * blocked, so that what is held back stays bounded.
 */
export const maxUnion = 16_384;

/** In text order. An open span may yet reach anything behind it, so a union ends with the first of them. */
export function unite(spans: readonly Span[]): Union[] {
  const unions: Union[] = [];
  let current: Union | undefined;
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (current && (current.open || span.start < current.end)) current = join(current, span);
    else {
      if (current) unions.push(current);
      current = join(undefined, span);
    }
  }
  return current ? [...unions, current] : unions;
}

function join(union: Union | undefined, span: Span): Union {
  const start = union?.start ?? span.start;
  const touches = !union || span.start < union.end;
  const end = touches && !span.open ? Math.max(union?.end ?? start, span.end) : (union?.end ?? start);
  return {
    start,
    end,
    open: (union?.open ?? false) || span.open,
    blocks: (union?.blocks ?? false) || span.blocks || end - start > maxUnion,
    category: union?.category ?? span.category,
  };
}
