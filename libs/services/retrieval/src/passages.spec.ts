import fc from 'fast-check';
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
  it('are touching and overlapping chunks as one, with the offsets of the document', () => {
    const [run, ...others] = mergeNeighbours([hit(1, 20, 41, 0.9), hit(0, 0, 20, 0.5), hit(2, 35, 61, 0.7)]);
    expect(others).toEqual([]);
    expect(joinRun(run!)).toMatchObject({ id: 'chunk-1', start: 0, end: 61, score: 0.9, text: source });
  });

  it('begin on the page and under the headings of their first chunk', () => {
    const [run] = mergeNeighbours([
      hit(0, 0, 20, 0.5, { page: 1, headings: ['One'] }),
      hit(1, 20, 41, 0.9, { page: 2, headings: ['Two'] }),
    ]);
    expect(joinRun(run!)).toMatchObject({ page: 1, headings: ['One'] });
  });

  it('stay apart where something stands between them, even if it is but white space', () => {
    const runs = mergeNeighbours([hit(0, 0, 20, 0.5), hit(1, 22, 41, 0.9)]);
    expect(runs.map(joinRun).map(({ text }) => text)).toEqual([source.slice(22, 41), source.slice(0, 20)]);
  });

  it('are what stands in the document, however the chunks lie', () => {
    const at = fc.nat(source.length);
    const chunk = fc.tuple(at, at).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(fc.array(chunk), (chunks) => {
        const hits = chunks.map(([start, end], ordinal) => hit(ordinal, start, end, ordinal));
        const passages = mergeNeighbours(hits).map(joinRun);
        for (const { text, start, end } of passages) expect(text).toBe(source.slice(start, end));
        for (const { start, end } of hits)
          expect(passages.filter((passage) => passage.start <= start && passage.end >= end)).toHaveLength(1);
      }),
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
