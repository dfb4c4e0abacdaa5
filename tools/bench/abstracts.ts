import { randomNumbers } from '@millrace/testing';
import { readJsonLines } from './shared-data.ts';

/** Where they lie below the shared data. */
export const abstractCollections = ['retrieval/cranfield', 'retrieval/npl'];

interface Entry {
  readonly text: string;
}

/**
 * Real text in prose: some 15,000 different ones of 20 to 100 words, in a random order that is always the same. Three
 * sentences of an abstract of Cranfield, or two abstracts of NPL, which are of a sentence each and of which each stands in
 * two texts.
 */
export async function abstractTexts(): Promise<string[]> {
  const random = randomNumbers(41);
  const [cranfield, npl] = await Promise.all(
    abstractCollections.map((folder) => readJsonLines<Entry>(`${folder}/corpus.jsonl`)),
  );
  const parts = cranfield!.flatMap(({ text }) => inThrees(text.split(/ \. ?/).filter((one) => one !== '')));
  const others = shuffled([...npl!], random);
  const pairs = npl!.map(({ text }, n) => [text, others[n]!.text]);
  const texts = [...parts, ...pairs].map((sentences) => sentences.map(asSentence).join(' '));
  return shuffled([...new Set(texts)], random);
}

const inThrees = (sentences: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(sentences.length / 3) }, (_, n) => sentences.slice(3 * n, 3 * n + 3));

/** Both collections are in small letters, and without full stops, or with a blank before. */
const asSentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1).trim()}.`;

/** Fisher and Yates. */
function shuffled<T>(items: T[], random: () => number): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
