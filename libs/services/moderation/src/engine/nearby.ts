import type { Category } from '../policy.ts';
import type { Candidate, Detector, View } from './detector.ts';
import type { Phrases } from './phrases.ts';

export interface NearbyRule {
  readonly category: Category;
  readonly score: number;
  /** Rare words that must not leave once they turn out to be meant so. */
  readonly anchors: Phrases;
  /** Common words that make an anchor one of this category, when one begins near it. Default: none is needed. */
  readonly context?: Phrases;
  /** Words that tell that it is spoken about and not done. */
  readonly unless: Phrases;
  /** Characters on either side of the anchor. */
  readonly distance: number;
}

/** Finds anchors that have their context near, before or after. Only an anchor is ever held back, not its context. */
export function nearby({ category, score, anchors, context, unless, distance }: NearbyRule): Detector {
  const ahead = distance + Math.max(context?.maxLength ?? 0, unless.maxLength) + 1;
  return {
    category,
    score,
    *detect(view: View): Generator<Candidate> {
      const found = [...anchors.find(view)];
      if (found.length === 0) return;
      const near = (phrases: Phrases) => nearness(phrases, view, found[0]!, distance);
      const inContext = context ? near(context) : () => true;
      const isExcused = near(unless);
      for (const anchor of found) {
        if (anchor.open || (!view.complete && view.lower.length < anchor.end + ahead))
          yield { ...anchor, open: true };
        else if (inContext(anchor) && !isExcused(anchor)) yield anchor;
      }
    },
  };
}

/** Tells of anchors, in text order, whether one of the phrases begins within the distance. */
function nearness(phrases: Phrases, view: View, first: Candidate, distance: number) {
  const from = Math.max(0, first.start - distance);
  const starts = Array.from(phrases.find({ ...view, from, complete: true }), ({ start }) => start);
  let next = 0;
  return ({ start, end }: Candidate): boolean => {
    while (next < starts.length && starts[next]! < start - distance) next++;
    return next < starts.length && starts[next]! <= end + distance;
  };
}
