import type { Candidate, Detector, View } from '../engine/detector.ts';
import { Phrases } from '../engine/phrases.ts';
import { sexualWords } from './minors.ts';

const words = new Phrases(sexualWords);

/** Characters between the beginnings of two. */
const distance = 200;

/** Sexual words that have another one near; one alone says little. */
export const sexual: Detector = { category: 'sexual', score: 0.6, detect };

function* detect(view: View): Generator<Candidate> {
  const { from, lower, complete } = view;
  const found = [...words.find({ ...view, from: Math.max(0, from - distance) })];
  for (const [at, word] of found.entries()) {
    if (word.start < from) continue;
    const near = [...nearTo(found, at)];
    const mayCome = near.length > 0 || (!complete && lower.length <= word.start + distance);
    if (near.some(({ open }) => !open)) yield word;
    else if (word.open || mayCome) yield { ...word, open: true };
  }
}

/** On either side as far as the first that is none to be decided. */
function* nearTo(found: readonly Candidate[], at: number): Generator<Candidate> {
  for (const step of [-1, 1])
    for (let other = found[at + step], next = at + step; other && isNear(other, found[at]!);) {
      yield other;
      if (!other.open) break;
      other = found[(next += step)];
    }
}

const isNear = (one: Candidate, other: Candidate): boolean => Math.abs(one.start - other.start) <= distance;
