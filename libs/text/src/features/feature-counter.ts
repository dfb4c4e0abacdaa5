import { eachCharacterGram, eachWordGram, plainText } from './n-grams.ts';

/** Which of the hashed features a text has, and how often, each once. */
export interface FeatureCounts {
  readonly features: Uint32Array;
  readonly counts: Uint32Array;
}

/** The kinds of features that a text is told by, each in a space of its own. */
export const featureGroups = { words: eachWordGram, characters: eachCharacterGram };
export type FeatureGroup = keyof typeof featureGroups;

/** Counts the features of one group, hashed to so many bits. */
export class FeatureCounter {
  private readonly counts: Uint32Array;

  constructor(
    private readonly group: FeatureGroup,
    private readonly bits: number,
  ) {
    this.counts = new Uint32Array(2 ** bits);
  }

  count(text: string): FeatureCounts {
    const { counts } = this;
    const shift = 32 - this.bits;
    const met: number[] = [];
    featureGroups[this.group](plainText(text), (hash) => {
      if (counts[hash >>> shift]!++ === 0) met.push(hash >>> shift);
    });
    const features = Uint32Array.from(met);
    const found = { features, counts: features.map((feature) => counts[feature]!) };
    for (const feature of met) counts[feature] = 0;
    return found;
  }
}
