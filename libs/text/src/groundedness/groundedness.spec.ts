import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groundednessOf, type CitedPassage } from './groundedness.ts';
import type { Citing } from './statements.ts';

const mill = {
  index: 1,
  text: 'The mill was built by Josiah Crane in 1,842. It grinds 30 sacks of spelt a day.',
};
const river = { index: 2, text: 'The river Ode floods its meadows every spring, says Martha Lund.' };

/** Every `[n]` is a citation. */
const citationsOf = (answer: string): Citing[] =>
  [...answer.matchAll(/\[(\d)\]/g)].map(({ 0: marker, 1: index, index: start }) => ({
    ...{ start, end: start + marker.length, index: Number(index) },
  }));

const judged = (answer: string, passages: readonly CitedPassage[] = [mill, river]) =>
  groundednessOf(answer, passages, citationsOf(answer));

describe('the groundedness of an answer', () => {
  it('is 1 where every word stands in the passage that is cited', () => {
    expect(judged('Josiah Crane built the mill in 1842 [1].')).toEqual({
      ...{ score: 1, sentences: { count: 1, supported: 1 }, citations: [true] },
      ...{ numbers: { count: 1, supported: 1 }, names: { count: 1, supported: 1 } },
    });
  });

  it.each([
    ['a number that stands nowhere', 'The mill was built by Josiah Crane in 1843.', 'numbers'],
    ['a name that stands nowhere', 'The mill was built by Josiah Lund in 1842.', 'names'],
  ] as const)('falls below what supports a sentence by %s', (_, answer, part) => {
    const { score, sentences, [part]: share } = judged(answer)!;
    expect(score).toBeLessThan(0.6);
    expect(sentences.supported).toBe(0);
    expect(share.supported).toBeLessThan(share.count);
  });

  it('holds a sentence against what it cites, and tells of the citation that does not support it', () => {
    expect(judged('The mill was built by Josiah Crane [2].')).toMatchObject({
      ...{ sentences: { count: 1, supported: 0 }, citations: [false] },
    });
  });

  it('holds a sentence that cites nothing against the passage that bears it out best', () => {
    expect(judged('The mill grinds spelt. The river floods meadows.')?.score).toBe(1);
  });

  it('takes passages that are cited together as one, and asks of each its part', () => {
    const { score, citations } = judged('Josiah Crane and Martha Lund: mill, river [1][2].')!;
    expect(score).toBe(1);
    expect(citations).toEqual([true, true]);
  });

  it('takes a marker behind a full stop for the sentence before it, one that begins a line for its own', () => {
    expect(judged('The mill grinds spelt. [1] The river floods. [2]')?.citations).toEqual([true, true]);
    expect(judged('The mill grinds spelt.\n\n[2] The river floods.')?.citations).toEqual([true]);
  });

  it('leaves out what states nothing', () => {
    expect(judged('From the archive: \n\n- The mill grinds spelt.\n\nAnything else?')?.sentences.count).toBe(
      1,
    );
    expect(judged('And now?')).toBeUndefined();
    expect(judged('')).toBeUndefined();
    expect(judged('The mill grinds spelt.', [])).toBeUndefined();
  });

  it('reads numbers however they are written, and not those of markers', () => {
    const passage = { index: 1, text: 'It weighs 1.234,50 kg, has ٣ wheels and 12\u202f000 cogs.' };
    expect(judged('It weighs 1,234.5 kg, has 3 wheels and 12’000 cogs [1].', [passage])?.numbers).toEqual({
      ...{ count: 3, supported: 3 },
    });
  });

  it('judges languages without capitals or blanks by their words', () => {
    const passage = { index: 1, text: '水車小屋は1842年に建てられた。' };
    expect(judged('水車小屋は1842年に建てられた。', [passage])).toMatchObject({
      score: 1,
      names: { count: 0 },
    });
    expect(judged('駅は1901年に開業した。', [passage])!.score).toBeLessThan(0.6);
  });

  it('is bounded, whatever is said', () => {
    const long = 'The mill grinds spelt. '.repeat(50_000);
    expect(judged(long)?.sentences.count).toBeLessThan(1000);
  });
});

const words = fc.array(
  fc.constantFrom('mill', 'Crane', 'spelt', '1842', '17', 'river', 'Ode', 'moon', 'is'),
  {
    ...{ minLength: 1, maxLength: 8 },
  },
);
const sentence = fc
  .tuple(words, fc.constantFrom('', ' [1]', ' [2]', ' [9]'))
  .map(([said, marker]) => `The ${said.join(' ')} thing${marker}. `);
const answer = fc.array(fc.oneof(sentence, fc.string({ unit: 'grapheme', maxLength: 40 })), {
  ...{ minLength: 1, maxLength: 6 },
});

describe('the groundedness of any answer', () => {
  it('is between 0 and 1, as are its parts, with a word on each citation', () => {
    fc.assert(
      fc.property(answer, (parts) => {
        const text = parts.join('');
        const told = judged(text);
        if (!told) return;
        expect(told.score).toBeGreaterThanOrEqual(0);
        expect(told.score).toBeLessThanOrEqual(1);
        expect(told.citations).toHaveLength(citationsOf(text).length);
        for (const { count, supported } of [told.sentences, told.numbers, told.names])
          expect(supported).toBeLessThanOrEqual(count);
      }),
    );
  });

  it('never falls when a passage says more', () => {
    fc.assert(
      fc.property(answer, words, (parts, more) => {
        const text = parts.join('');
        const before = judged(text);
        const after = judged(text, [{ ...mill, text: `${mill.text} ${more.join(' ')}` }, river]);
        expect(after?.score ?? 0).toBeGreaterThanOrEqual((before?.score ?? 0) - 1e-9);
      }),
    );
  });

  it('is 1 for a passage that is its own answer', () => {
    fc.assert(
      fc.property(answer, (parts) => {
        const text = parts.join('').replaceAll(/\[\d\]/g, '');
        const told = groundednessOf(text, [{ index: 1, text }], []);
        expect(told?.score ?? 1).toBeCloseTo(1);
      }),
    );
  });
});
