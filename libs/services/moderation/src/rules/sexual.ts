import type { Candidate, Detector, View } from '../engine/detector.ts';
import { Phrases } from '../engine/phrases.ts';
import { sexualWords } from './minors.ts';

const words = new Phrases(sexualWords);

/** Sexual words close to one another; one alone says little. */
export const sexual: Detector = {
  category: 'sexual',
  score: 0.6,
  *detect(view: View): Generator<Candidate> {
    let previous: Candidate | undefined;
    for (const word of words.find(view)) {
      if (previous && word.start - previous.end <= 200) yield { start: previous.start, end: word.end };
      previous = word;
    }
  },
};
