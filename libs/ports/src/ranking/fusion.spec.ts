import { describe, expect, it } from 'vitest';
import { fuse, type Scored } from './fusion.ts';

const list = (...entries: [uuid: string, score: number][]): Scored[] =>
  entries.map(([uuid, score]) => ({ uuid, score }));
const rounded = (ranked: Scored[]) => ranked.map(({ uuid, score }) => [uuid, Number(score.toFixed(7))]);
const fused = (method: 'dbsf' | 'rrf', ...lists: Scored[][]) => rounded(fuse(method, lists));

describe('fuse', () => {
  it('gives the numbers of Qdrant’s own test for reciprocal ranks', () => {
    const lists = [
      list(['2', 0.9], ['1', 0.8]),
      list(['1', 0.7], ['2', 0.6], ['3', 0.5]),
      list(['5', 0.9], ['3', 0.5], ['1', 0.4]),
    ];
    expect(fused('rrf', ...lists)).toEqual([
      ['1', 1.0833333],
      ['2', 0.8333333],
      ['3', 0.5833333],
      ['5', 0.5],
    ]);
  });

  it('gives the numbers of Qdrant Edge 0.9 for weighted reciprocal ranks', () => {
    const lists = [
      list(['1', 5], ['2', 3], ['3', 2.5], ['4', 1]),
      list(['2', 9], ['4', 7], ['5', 6.5], ['1', 0.5]),
    ];
    const weighted = (...weights: number[]) =>
      fuse('rrf', lists, weights).map(({ uuid, score }) => [uuid, Number(score.toFixed(6))]);
    expect(weighted(3, 0.5)).toEqual([
      ['2', 0.933333],
      ['1', 0.861111],
      ['4', 0.628571],
      ['3', 0.5],
      ['5', 0.142857],
    ]);
    expect(weighted(1, 0)).toEqual([
      ['1', 0.5],
      ['2', 0.333333],
      ['3', 0.25],
      ['4', 0.2],
      ['5', 0],
    ]);
    expect(fuse('rrf', lists, [1, 1])).toEqual(fuse('rrf', lists));
  });

  it('multiplies what a score is in its distribution by the weight of its list', () => {
    const lists = [list(['c', 3], ['b', 2], ['a', 1]), list(['b', 30], ['d', 20], ['a', 10])];
    expect(rounded(fuse('dbsf', lists, [3, 0.5]))).toEqual([
      ['c', 2],
      ['b', 1.8333333],
      ['a', 1.1666667],
      ['d', 0.25],
    ]);
    expect(rounded(fuse('dbsf', lists, [1, 0])).at(-1)).toEqual(['d', 0]);
    expect(fuse('dbsf', lists, [1, 1])).toEqual(fuse('dbsf', lists));
  });

  it('places scores between mean - 3 and mean + 3 standard deviations of the sample', () => {
    // 1, 2, 3: mean 2, deviation 1, from -1 to 5.
    expect(fused('dbsf', list(['c', 3], ['b', 2], ['a', 1]), list(['b', 30], ['d', 20], ['a', 10]))).toEqual([
      ['b', 1.1666667],
      ['a', 0.6666667],
      ['c', 0.6666667],
      ['d', 0.5],
    ]);
  });

  it('counts a single hit half, and each of several equal ones', () => {
    expect(fused('dbsf', list(['a', 7]), list(['b', 0.1], ['a', 0.1], ['c', 0.1]))).toEqual([
      ['a', 1],
      ['b', 0.5],
      ['c', 0.5],
    ]);
  });

  it('takes empty lists', () => {
    expect(fused('dbsf', [], list(['a', 1], ['b', 0]))).toEqual([
      ['a', 0.6178511],
      ['b', 0.3821489],
    ]);
    expect(fused('rrf', [], [])).toEqual([]);
  });
});
