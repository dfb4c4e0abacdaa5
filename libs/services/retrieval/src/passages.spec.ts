import { describe, expect, it } from 'vitest';
import type { SearchHit } from '@millrace/ports';
import { joinRun, mergeNeighbours } from './passages.ts';

const source = 'First sentence here.\n\nSecond one follows.\n\nThird one ends it.';
const hit = (
  ordinal: number,
  start: number,
  end: number,
  score: number,
  more: Partial<SearchHit> = {},
): SearchHit => ({
  id: `chunk-${ordinal}`,
  document: 'a',
  version: 1,
  ordinal,
  start,
  end,
  score,
  text: source.slice(start, end),
  tokens: 1,
  headings: [],
  metadata: {},
  ...more,
});

describe('passages', () => {
  it('are neighbouring chunks as one, with the offsets of the document', () => {
    const [run, ...others] = mergeNeighbours([hit(1, 22, 41, 0.9), hit(0, 0, 20, 0.5), hit(2, 43, 61, 0.7)]);
    expect(others).toEqual([]);
    const passage = joinRun(run!);
    expect(passage).toMatchObject({ id: 'chunk-1', start: 0, end: 61, score: 0.9, text: source });
  });

  it('say overlapping text once', () => {
    expect(joinRun(mergeNeighbours([hit(0, 0, 30, 1), hit(1, 22, 41, 0.5)])[0]!).text).toBe(
      source.slice(0, 41),
    );
  });

  it('do not join what is apart, of another document or of another version', () => {
    const runs = mergeNeighbours([
      hit(0, 0, 20, 0.5),
      hit(2, 43, 61, 0.9),
      hit(1, 22, 41, 0.7, { document: 'b' }),
      hit(1, 22, 41, 0.6, { version: 2 }),
    ]);
    expect(runs.map(({ score, hits }) => [score, hits.length])).toEqual([
      [0.9, 1],
      [0.7, 1],
      [0.6, 1],
      [0.5, 1],
    ]);
  });
});
