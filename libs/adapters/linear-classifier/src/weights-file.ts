import type { Frequencies } from '@millrace/text';
import { packBytes, packSparse, unpackBytes, unpackSparse } from './packing.ts';
import type { Head, Part, Weights } from './weights.ts';

/** Weights as they are kept: JSON, whose long lists are packed, little-endian as on every processor that Node runs on. */
export interface WeightsFile {
  readonly model: string;
  readonly categories: readonly string[];
  readonly bits: Weights['bits'];
  readonly frequencies: { readonly words: PackedFrequencies; readonly characters: PackedFrequencies };
  readonly vectors: { readonly model: string; readonly middle: string };
  readonly heads: { readonly text: PackedHead; readonly vector: PackedHead };
}

interface PackedFrequencies {
  readonly texts: number;
  readonly having: string;
}

interface PackedHead {
  readonly bias: readonly number[];
  readonly thresholds: readonly number[];
  readonly words: PackedPart;
  readonly characters: PackedPart;
  readonly vector?: PackedPart | undefined;
}

interface PackedPart {
  readonly steps: readonly number[];
  readonly weights: string;
}

export const writeWeights = ({ frequencies, vectors, heads, ...rest }: Weights): WeightsFile => ({
  ...rest,
  frequencies: {
    words: packFrequencies(frequencies.words),
    characters: packFrequencies(frequencies.characters),
  },
  vectors: { ...vectors, middle: packBytes(vectors.middle) },
  heads: { text: packHead(heads.text), vector: packHead(heads.vector) },
});

export const readWeights = ({ frequencies, vectors, heads, ...rest }: WeightsFile): Weights => ({
  ...rest,
  frequencies: {
    words: unpackFrequencies(frequencies.words, rest.bits.words),
    characters: unpackFrequencies(frequencies.characters, rest.bits.characters),
  },
  vectors: { ...vectors, middle: new Float32Array(unpackBytes(vectors.middle)) },
  heads: { text: unpackHead(heads.text), vector: unpackHead(heads.vector) },
});

const packFrequencies = ({ texts, having }: Frequencies): PackedFrequencies => ({
  texts,
  having: packSparse(having),
});
const unpackFrequencies = ({ texts, having }: PackedFrequencies, bits: number): Frequencies => ({
  texts,
  having: unpackSparse(having, 2 ** bits),
});

const packHead = ({ words, characters, vector, ...rest }: Head): PackedHead => ({
  ...rest,
  words: packPart(words),
  characters: packPart(characters),
  ...(vector && { vector: packPart(vector) }),
});
const unpackHead = ({ words, characters, vector, ...rest }: PackedHead): Head => ({
  ...rest,
  words: unpackPart(words),
  characters: unpackPart(characters),
  ...(vector && { vector: unpackPart(vector) }),
});

const packPart = ({ steps, weights }: Part): PackedPart => ({ steps, weights: packBytes(weights) });
const unpackPart = ({ steps, weights }: PackedPart): Part => ({
  steps,
  weights: new Int8Array(unpackBytes(weights)),
});
