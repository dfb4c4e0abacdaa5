import { describe, expect, it } from 'vitest';
import { Phrases } from './phrases.ts';
import { readingOf } from './reading.ts';
import { wordsOf } from './words.ts';

/** The longest phrases found, `…` for what more text decides. */
function found(phrases: readonly string[], lower: string, complete = true): string[] {
  const words = wordsOf(lower);
  const view = { text: lower, lower, words, reading: readingOf(lower, words), from: 0, complete };
  return Array.from(new Phrases(phrases).find(view), ({ start, end, open }) =>
    open ? `${lower.slice(start, end)}…` : lower.slice(start, end),
  );
}

describe('letters set apart', () => {
  const words = (text: string) => found(['red', 'green', 'green field'], text);

  it('are a word when they have the same separator between them', () => {
    expect(words('r e d')).toEqual(['r e d']);
    expect(words('a house, r.e.d.')).toEqual(['r.e.d']);
    expect(words('r - e - d')).toEqual(['r - e - d']);
    expect(words('r e-d')).toEqual([]);
    expect(words('r, e, d')).toEqual([]);
    expect(words('r    e    d')).toEqual([]);
  });

  it('are a part of more only when they are many', () => {
    expect(words('f r e d')).toEqual([]);
    expect(words('r e d s')).toEqual([]);
    expect(words('a g r e e n s')).toEqual(['g r e e n']);
  });

  it('go on in a phrase, be it set apart or not', () => {
    expect(words('g r e e n field')).toEqual(['g r e e n field']);
    expect(words('green f.i.e.l.d')).toEqual(['green f.i.e.l.d']);
    expect(words('g r e e n f i e l d')).toEqual(['g r e e n f i e l d']);
    expect(words('g-r-e-e-n  f-i-e-l-d')).toEqual(['g-r-e-e-n  f-i-e-l-d']);
  });

  it('may stand for what they resemble', () => {
    expect(words('r 3 d')).toEqual(['r 3 d']);
    expect(words('6 r 3 3 n')).toEqual(['6 r 3 3 n']);
  });

  it.each([
    ['r', 'r…'],
    ['r ', 'r …'],
    ['r e d', 'r e d…'],
    ['r e d ', 'r e d …'],
    ['r e d x', 'r e d x…'],
    ['r e d x ', undefined],
    ['r e d xy', 'r e d'],
    ['r e d, or', 'r e d'],
    ['x r e d', 'r e d…'],
    ['x r e d, or', undefined],
    ['g r e e n', 'g r e e n…'],
    ['g r e e n x', 'g r e e n'],
    ['g r e e nest', undefined],
  ])('are held while more text may decide: %s', (text, expected) => {
    const [first] = found(['red', 'green'], text, false);
    expect(first).toBe(expected);
  });
});

describe('a text as its words are read', () => {
  const read = (lower: string) => readingOf(lower, wordsOf(lower));

  it('has letters for what stands for them, and numbers as they are', () => {
    expect(read('in 1984 h3 s@w f0ur').text).toBe('in 1984 he saw four');
    expect(read('plain words').text).toBe('plain words');
  });

  it('has one word for letters set apart, and knows where they stood', () => {
    const lower = 'a big r-e-d h 0 u s e.';
    const reading = read(lower);
    const { text } = reading;
    expect(text).toBe('a big red house.');
    const [from, to] = [reading.placeOf(text.indexOf('house')), reading.placeOf(text.indexOf('.'))];
    expect(lower.slice(from, to)).toBe('h 0 u s e');
    expect(text.slice(reading.indexAt(lower.indexOf('d')))).toBe('d house.');
  });
});
