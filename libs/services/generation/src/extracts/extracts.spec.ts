import { describe, expect, it } from 'vitest';
import type { SearchResult } from '@millrace/contracts';
import { byWords, byWordsAndMeaning, candidatesIn, select, wordSupport, type Candidate } from './extracts.ts';

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

  const scored = (candidates: readonly Candidate[], ...scores: readonly number[]) =>
    byWordsAndMeaning(
      candidates.map((candidate) => ({ candidate, words: 0 })),
      scores,
    );
  const budget = { sentences: 3, words: 100, support: 0, besideBest: 0 };

  it('keep to the budget, take the best first and stand in reading order', () => {
    const ranked = scored(candidatesIn([passage(mill)]), 0.2, 0.9, 0.8);
    const texts = (most: object) => select(ranked, { ...budget, ...most }).map(({ text }) => text);
    expect(texts({ sentences: 2 })).toEqual([
      'It grinds spelt on Tuesdays.',
      'Its wheel has twelve oak paddles.',
    ]);
    expect(texts({ words: 5 })).toEqual(['It grinds spelt on Tuesdays.']);
  });

  it('leave out what is far behind the best', () => {
    const ranked = scored(candidatesIn([passage(mill)]), 0.4, 0.9, 0.7);
    expect(select(ranked, { ...budget, besideBest: 0.6 })).toHaveLength(2);
  });

  it('take the sentence along that explains the last, within its paragraph and the budget', () => {
    const text =
      'The name of the wheel. By custom it is Old Josiah.\n\nThe name of the weir.\n- Unrelated item.';
    const ranked = scored(candidatesIn([passage(text, 40)]), 0.9, 0.1, 0.8, 0.1);
    const chosen = (most: object) => select(ranked, { ...budget, sentences: 2, ...most });
    const texts = chosen({}).map((candidate) => candidate.text);
    expect(texts).toEqual(['The name of the wheel. By custom it is Old Josiah.', 'The name of the weir.']);
    for (const one of chosen({})) expect(text.slice(one.start - 40, one.end - 40)).toBe(one.text);
    expect(chosen({ words: 12 })[0]!.text).toBe('The name of the wheel.');
  });

  it('bring the command or the row that a colon leads to', () => {
    const command = 'To remove the mill, use this command:\n\n```sh\nmill remove --all\n```\n';
    const table =
      'This table shows the paddles:\n\n| Wheel | Paddles |\n|---|---|\n| Old | 12 |\n| New | 14 |\n';
    const chosen = (text: string) => {
      const candidates = candidatesIn([passage(text, 40)]);
      const ranked = scored(candidates, ...candidates.map((_, i) => (i === 0 ? 0.9 : 0)));
      const worth = ({ shown }: Candidate) => (shown.includes('New') ? 1 : 0);
      return select(ranked, { ...budget, sentences: 1, worth });
    };
    expect(chosen(command).map(({ shown }) => shown)).toEqual([
      'To remove the mill, use this command:',
      'mill remove --all',
    ]);
    expect(chosen(table).map(({ shown }) => shown)).toEqual([
      'This table shows the paddles:',
      'Wheel: New; Paddles: 14',
    ]);
    for (const { text, start, end } of chosen(table)) expect(table.slice(start - 40, end - 40)).toBe(text);
  });

  it('say nothing twice', () => {
    const candidates = candidatesIn([passage(mill), passage(mill, 500)]);
    const ranked = scored(candidates, ...candidates.map(() => 1));
    expect(select(ranked, { ...budget, sentences: 6, words: 500 })).toHaveLength(3);
  });

  it('say nothing when not even the best is supported', () => {
    const ranked = scored(candidatesIn([passage(mill)]), 0.2, 0.3, 0.1);
    expect(select(ranked, { ...budget, support: 0.25 })).toEqual([]);
  });

  it('weigh words and meaning', () => {
    const candidates = candidatesIn([passage(mill)]);
    const worded = byWords('What does it grind?', candidates);
    expect(worded[0]!.candidate.text).toBe('It grinds spelt on Tuesdays.');
    const ranked = byWordsAndMeaning(worded, [0.1, 0.2, 0.2]);
    expect(ranked[0]!.candidate.text).toBe('It grinds spelt on Tuesdays.');
    expect(ranked[0]!.support).toBeGreaterThan(0.5);
  });
});
