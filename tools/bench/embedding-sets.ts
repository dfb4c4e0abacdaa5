import { randomNumbers } from '@millrace/testing';
import type { Tokenizer } from '@millrace/text';
import { readJsonLines } from './shared-data.ts';

/** Texts of one kind, and what a model gets of each: its token ids, special ones included. */
export interface EmbeddingSet {
  readonly name: string;
  readonly texts: readonly string[];
  readonly sequences: readonly Int32Array[];
}

interface CranfieldDocument {
  readonly title?: string;
  readonly text: string;
}

/** Tokens of a document at most, as chunks of the default size have; and the span of the mixed lengths. */
const chunkTokens = 256;
const [shortest, longest] = [10, 500];
const corpus = 'retrieval/cranfield/corpus.jsonl';

export const embeddingSetNeeds = corpus;

/** Abstracts of Cranfield as they are, and pieces of them from 10 to 500 tokens, every length as likely. */
export async function embeddingSets(tokenizer: Tokenizer, size: number): Promise<EmbeddingSet[]> {
  const documents = await readJsonLines<CranfieldDocument>(corpus);
  const whole = documents.map(({ title = '', text }) => `${title} ${text}`.trim()).filter(Boolean);
  const words = whole.join(' ').split(/\s+/);
  const random = randomNumbers(5);
  const mixed = Array.from({ length: size }, () => {
    const tokens = shortest + Math.floor(random() * (longest - shortest + 1));
    const from = Math.floor(random() * (words.length - longest));
    return cut(words.slice(from, from + tokens).join(' '), tokens, tokenizer);
  });
  const cutOff = whole.slice(0, size).map((text) => cut(text, chunkTokens, tokenizer));
  const setOf = (name: string, texts: readonly string[]): EmbeddingSet => ({
    ...{ name, texts },
    sequences: texts.map((text) => Int32Array.from(tokenizer.encode(text))),
  });
  return [setOf('documents', cutOff), setOf('mixed lengths', mixed)];
}

/** The beginning of a text, of so many tokens at most. */
function cut(text: string, tokens: number, tokenizer: Tokenizer): string {
  const words = text.split(/\s+/);
  while (tokenizer.encode(words.join(' ')).length > tokens)
    words.length = Math.max(1, Math.min(words.length - 1, Math.floor(words.length * 0.97)));
  return words.join(' ');
}
