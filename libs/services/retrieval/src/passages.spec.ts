import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchHit } from '@millrace/ports';
import { joinRun, mergeNeighbours, widen } from './passages.ts';

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
    const runs = mergeNeighbours([hit(1, 22, 41, 0.9), hit(0, 0, 20, 0.5)]);
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
    expect(runs.map(({ best, hits }) => [best.score, hits.length])).toEqual([
      [0.5, 1],
      [0.9, 1],
      [0.7, 1],
      [0.6, 1],
    ]);
  });

  it('come in the order of the ranking, as good as the first of their hits in it', () => {
    const explanation = { absent: [] };
    const [first, second] = mergeNeighbours([
      hit(2, 43, 61, 0.5, { explanation }),
      hit(0, 0, 20, 0.9),
      hit(1, 20, 41, 0.7),
      hit(3, 40, 43, 0.1),
    ]).map(joinRun);
    expect(first).toMatchObject({ id: 'chunk-2', score: 0.5, explanation, start: 0, end: 61 });
    expect(second).toBeUndefined();
  });
});

describe('a widened hit', () => {
  /** The sentences of the source as chunks, and what stands before each. */
  const chunks = [
    hit(0, 0, 20, 0, { headings: ['One'], page: 1 }),
    hit(1, 22, 41, 0.9, { headings: ['Two'], page: 2, gap: source.slice(20, 22) }),
    hit(2, 43, 61, 0, { headings: ['Three'], page: 3, gap: source.slice(41, 43) }),
  ] as const;
  const [before, found, after] = chunks;

  it('has the text of the chunks around it, and of itself all else', () => {
    const wide = widen({ ...found, around: [before, after] });
    expect(wide).toEqual({ ...found, text: source, start: 0, end: source.length });
    expect(widen({ ...found, around: [after] })).toMatchObject({
      start: 22,
      end: 61,
      text: source.slice(22),
    });
    expect(widen({ ...before, around: [found] })).toMatchObject({ start: 0, end: 41, headings: ['One'] });
    expect(widen(found)).toEqual(found);
    expect(widen({ ...found, around: [] })).toEqual(found);
  });

  it('ends where words stand between that no chunk shows, and where a chunk is not for the asker', () => {
    const { gap: _, ...parted } = after;
    expect(widen({ ...found, around: [before, parted] })).toMatchObject({ start: 0, end: 41 });
    expect(widen({ ...before, around: [after] })).toEqual(before);
    const { gap: _gap, ...cutOff } = found;
    expect(widen({ ...cutOff, around: [before, after] })).toMatchObject({ start: 22, end: 61 });
  });

  it('merges with another whose text it meets, and nothing stands twice', () => {
    const hits = [
      { ...found, around: [before, after] },
      { ...after, around: [before, found], score: 0.3 },
    ];
    const [passage, ...others] = mergeNeighbours(hits.map(widen)).map(joinRun);
    expect(others).toEqual([]);
    expect(passage).toMatchObject({ id: 'chunk-1', text: source, start: 0, end: source.length, score: 0.9 });
  });

  it('is what stands in the document, however it was cut', () => {
    const piece = fc.record({ gap: fc.nat({ max: 3 }), length: fc.integer({ min: 1, max: 9 }) });
    const pieces = fc.array(piece, { minLength: 1, maxLength: 8 }).map(cutInto);
    fc.assert(
      fc.property(pieces, fc.nat(), fc.integer({ min: 1, max: 5 }), (cut, pick, neighbours) => {
        const middle = pick % cut.length;
        const [first, last] = [
          cut[Math.max(0, middle - neighbours)]!,
          cut[middle + neighbours] ?? cut.at(-1)!,
        ];
        const around = cut.slice(first.ordinal, last.ordinal + 1).filter(({ ordinal }) => ordinal !== middle);
        const { text, start, end } = widen({ ...cut[middle]!, around });
        expect([start, end]).toEqual([first.start, last.end]);
        expect(text).toBe(source.slice(start, end));
      }),
    );
  });
});

/** The beginning of the source as chunks of these lengths, each with what stands before it. */
function cutInto(pieces: readonly { readonly gap: number; readonly length: number }[]): SearchHit[] {
  let end = 0;
  return pieces.map(({ gap: width, length }, ordinal) => {
    const gap = source.slice(end, end + (ordinal === 0 ? 0 : width));
    const start = end + gap.length;
    end = Math.min(start + length, source.length);
    return hit(ordinal, start, end, 0, { gap });
  });
}
