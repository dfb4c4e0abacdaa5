import type { Category } from '../policy.ts';
import type { Candidate, Detector, View } from './detector.ts';
import type { Phrases } from './phrases.ts';
import { readSubstitutes, wordsFrom } from './words.ts';

export interface NearbyRule {
  readonly category: Category;
  readonly score: number;
  /** Rare words that must not leave once they turn out to be meant so. */
  readonly anchors: Phrases;
  /** Common words that make an anchor one of this category, when one stands near it. */
  readonly context: RegExp;
  /** Words that tell that it is spoken about and not done. */
  readonly unless?: RegExp;
  /** Characters on either side of the anchor. */
  readonly distance: number;
}

/** Finds anchors that have their context near, before or after. Only an anchor is ever held back, not its context. */
export const nearby = ({ category, score, anchors, context, unless, distance }: NearbyRule): Detector => ({
  category,
  score,
  *detect(view: View): Generator<Candidate> {
    for (const anchor of anchors.find(view)) {
      if (anchor.open) yield anchor;
      else if (!view.complete && view.lower.length <= anchor.end + distance) yield { ...anchor, open: true };
      else {
        const around = wordsAround(view.lower, anchor, distance);
        if (context.test(around) && !unless?.test(around)) yield anchor;
      }
    }
  },
});

/** The whole words within the distance, with one blank between them; read twice where signs stand for letters. */
function wordsAround(lower: string, { start, end }: Candidate, distance: number): string {
  const last = end + distance;
  const plain: string[] = [];
  const read: string[] = [];
  for (const word of wordsFrom(lower.slice(0, last + 1), Math.max(0, start - distance))) {
    if (word.end > last) break;
    plain.push(word.text);
    read.push(readSubstitutes(word.text));
  }
  return ` ${plain.join(' ')} | ${read.join(' ')} `;
}
