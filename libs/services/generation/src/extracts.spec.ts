import { describe, expect, it } from 'vitest';
import type { SearchResult } from '@millrace/contracts';
import { candidatesIn, select, wordSupport } from './extracts.ts';

const passage = (text: string, start = 0): SearchResult => ({
  document_id: 'a',
  version: 1,
  chunk_id: '00000000-0000-5000-8000-000000000000',
  score: 1,
  text,
  start,
  end: start + text.length,
  headings: [],
  metadata: {},
});

const mill =
  'The mill was built in 1791 by Josiah Crane. It grinds spelt on Tuesdays. Its wheel has twelve oak paddles.';

describe('extracts', () => {
  it('know where their sentences stand in the document', () => {
    const found = candidatesIn([passage(mill, 100)]);
    expect(found).toHaveLength(3);
    for (const { text, start, end } of found) expect(mill.slice(start - 100, end - 100)).toBe(text);
  });

  it('prefer sentences with the rarer words of the question', () => {
    const candidates = candidatesIn([passage(mill)]);
    const support = wordSupport('How many paddles has the wheel?', candidates);
    expect(support.indexOf(Math.max(...support))).toBe(2);
  });

  it('keep to the budget, take the best first and stand in reading order', () => {
    const candidates = candidatesIn([passage(mill)]);
    const texts = (budget: { sentences: number; words: number }) =>
      select(candidates, [0.2, 0.9, 0.8], budget).map(({ text }) => text);
    expect(texts({ sentences: 2, words: 100 })).toEqual([
      'It grinds spelt on Tuesdays.',
      'Its wheel has twelve oak paddles.',
    ]);
    expect(texts({ sentences: 3, words: 5 })).toEqual(['It grinds spelt on Tuesdays.']);
  });

  it('say nothing twice', () => {
    const candidates = candidatesIn([passage(mill), passage(mill, 500)]);
    expect(
      select(
        candidates,
        candidates.map(() => 1),
        { sentences: 6, words: 500 },
      ),
    ).toHaveLength(3);
  });
});
