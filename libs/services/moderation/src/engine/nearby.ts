import type { ModerationCategory } from '@millrace/contracts';
import type { Candidate, Detector, View } from './detector.ts';
import type { Phrases } from './phrases.ts';

export interface NearbyRule {
  readonly category: ModerationCategory;
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

type Answer = 'yes' | 'no' | 'open';

/** Finds anchors that have their context near, before or after. Only an anchor is ever held back, not its context. */
export function nearby({ category, score, anchors, context, unless, distance }: NearbyRule): Detector {
  return {
    category,
    score,
    *detect(view: View): Generator<Candidate> {
      const found = [...anchors.find(view)];
      if (found.length === 0) return;
      const near = (phrases: Phrases) => nearness(phrases, view, found[0]!, distance);
      const inContext = context ? near(context) : (): Answer => 'yes';
      const isExcused = near(unless);
      for (const anchor of found) {
        const [meant, excused] = anchor.open ? [] : [inContext(anchor), isExcused(anchor)];
        if (meant === 'no' || excused === 'yes') continue;
        yield meant === 'yes' && excused === 'no' ? anchor : { ...anchor, open: true };
      }
    },
  };
}

/** Tells of anchors, in text order, whether one of the phrases begins within the distance. */
function nearness(phrases: Phrases, view: View, first: Candidate, distance: number) {
  const from = Math.max(0, first.start - distance);
  const found = [...phrases.find({ ...view, from })];
  const starts = found.flatMap(({ start, open }) => (open ? [] : start));
  const growing = found.flatMap(({ start, open }) => (open ? start : []));
  let next = 0;
  return ({ start, end }: Candidate): Answer => {
    while (next < starts.length && starts[next]! < start - distance) next++;
    if (next < starts.length && starts[next]! <= end + distance) return 'yes';
    const mayBegin = !view.complete && view.lower.length <= end + distance;
    const mayBecome = growing.some((at) => at >= start - distance && at <= end + distance);
    return mayBegin || mayBecome ? 'open' : 'no';
  };
}
