import fc from 'fast-check';
import { Tokenizer as WordPiece } from '@huggingface/tokenizers';
import { beforeAll, describe, expect, it } from 'vitest';
import definition from '../assets/bert-uncased.tokenizer.json' with { type: 'json' };
import golden from '../fixtures/bert-uncased.golden.json' with { type: 'json' };
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer();
});

describe('tokenizer', () => {
  it.each(golden)('gives the ids of the reference implementation: $text', ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  it('leaves special tokens out when asked to, and never counts them', () => {
    for (const { text, ids } of golden) {
      expect(tokenizer.encode(text, { specialTokens: false })).toEqual(ids.slice(1, -1));
      expect(tokenizer.count(text)).toBe(ids.length - 2);
    }
  });

  it('knows how many ids there are, and puts ids between the special tokens', () => {
    expect(tokenizer.size).toBe(30_522);
    for (const { text, ids } of golden.filter((row) => !row.text.startsWith('[CLS]'))) {
      expect(tokenizer.enclose(tokenizer.encode(text, { specialTokens: false }))).toEqual(ids);
      expect(tokenizer.enclose(ids)).toEqual(ids);
    }
    expect([tokenizer.enclose([]), tokenizer.enclose([101])]).toEqual([
      [101, 102],
      [101, 102],
    ]);
  });

  it('gives with its word cache what the library gives for the whole text', () => {
    const library = new WordPiece(definition, {});
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        fc.pre(!text.includes('Σ'));
        expect(tokenizer.encode(text)).toEqual(library.encode(text).ids);
      }),
    );
  });

  it('gives what the library gives for words of letters and digits, and in no time', () => {
    const library = new WordPiece(definition, {});
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789');
    const words = ['international', 'understanding', 'misinterpretations', 'constructor'];
    const part = fc.oneof(fc.string({ unit: letters, maxLength: 60 }), fc.constantFrom(...words));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.join('');
        expect(tokenizer.encode(text)).toEqual(library.encode(text).ids);
      }),
    );
    const hashes = Array.from({ length: 5000 }, (_, i) => `${i}`.padEnd(99, 'a1b2c3d4e5f6g7h8'));
    expect(tokenizer.count(hashes.join(' '))).toBeGreaterThan(5000 * 40);
  });

  it('counts texts joined by white space as the sum of their counts', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(tokenizer.count(`${a}\n${b}`)).toBe(tokenizer.count(a) + tokenizer.count(b));
      }),
    );
  });

  it('makes the vocabulary once for the whole process', () => {
    expect(loadTokenizer()).toBe(loadTokenizer());
  });
});
