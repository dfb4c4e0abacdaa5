import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTerms } from './terms.ts';

describe('analyseTerms', () => {
  it.each<[string, string[]]>([
    ['The mills are turning', ['mill', 'turn']],
    ['to be or not to be', []],
    ["don't stop the miller's wheels", ['stop', 'miller', 'wheel']],
    ['KEDA_HTTP_TIMEOUT=30s e-mail v1.2', ['keda', 'http', 'timeout', '30s', 'e', 'mail', 'v1', '2']],
    ['Café CAFE cafe\u0301', ['cafe', 'cafe', 'cafe']],
    ['ﬁnal ＡＢＣ', ['final', 'abc']],
    ['Straße İstanbul Ωmega Привет', ['straße', 'istanbul', 'ωmega', 'привет']],
    ['हिन्दी भाषा', ['हिन्दी', 'भाषा']],
    ['한국어 검색', ['한국어', '검색']],
    ['東京 です', ['東京', 'です']],
    ['😀 … — ""', []],
    ['', []],
  ])('%j', (text, expected) => {
    expect(analyseTerms(text)).toEqual(expected);
  });

  // From the vocabulary published at https://snowballstem.org/algorithms/english/stemmer.html
  it.each([
    ['consigned', 'consign'],
    ['consistently', 'consist'],
    ['conspirators', 'conspir'],
    ['knightly', 'knight'],
    ['knots', 'knot'],
    ['generously', 'generous'],
    ['happy', 'happi'],
    ['dying', 'die'],
    ['news', 'news'],
    ['skies', 'sky'],
    ['sensational', 'sensat'],
    ['relational', 'relat'],
  ])('stems %s to %s', (word, stemmed) => {
    expect(analyseTerms(word)).toEqual([stemmed]);
  });

  it('are whole where a text marks how to break them', () => {
    expect(analyseTerms('Donau\u00addampf\u200bschiff')).toEqual(analyseTerms('Donaudampfschiff'));
  });

  it('finds the words of a script without blanks in a longer text', () => {
    expect(analyseTerms('私は東京に住んでいます')).toEqual(expect.arrayContaining(analyseTerms('東京')));
  });

  it('cuts a run of a million letters into terms of bounded length', () => {
    const terms = analyseTerms('x'.repeat(1_000_000));
    expect(Math.max(...terms.map((term) => term.length))).toBeLessThanOrEqual(64);
  });

  it('makes terms of letters, digits and marks only, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        for (const term of analyseTerms(text)) expect(term).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
      }),
    );
  });

  it('does not depend on how an accent is encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        expect(analyseTerms(text.normalize('NFD'))).toEqual(analyseTerms(text.normalize('NFC')));
      }),
    );
  });
});
