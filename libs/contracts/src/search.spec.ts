import { describe, expect, it } from 'vitest';
import { filter, searchRequest } from './search.ts';

const keys = (count: number, prefix = 'k') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, 1]));
const complaint = (value: unknown) => filter.safeParse(value).error?.issues[0]?.message;

describe('a filter', () => {
  it('has 64 keys, wherever it stands', () => {
    expect(complaint(keys(64))).toBeUndefined();
    expect(complaint({ $not: keys(64) })).toBeUndefined();
    for (const wide of [keys(65), { $not: keys(65) }, { $or: [{ a: 1 }, { $and: [keys(65)] }] }])
      expect(complaint(wide)).toBe('a filter has at most 64 keys');
  });

  it('has 256 conditions in all', () => {
    const parts = (count: number) => ({
      $and: Array.from({ length: count }, (_, at) => keys(51, `p${at}.`)),
    });
    expect(complaint(parts(5))).toBeUndefined();
    expect(complaint(parts(6))).toBe('a filter has at most 256 conditions, nested ones included');
  });

  it('is refused when it is very deep or holds very much, without running out of stack', () => {
    const deep = JSON.parse('{"$not":'.repeat(5000) + '{}' + '}'.repeat(5000)) as unknown;
    expect(complaint(deep)).toBe('filters nest up to 8 deep');
    expect(complaint({ a: { any: Array(300_000).fill(1) } })).toBeDefined();
    expect(complaint({ $or: Array(300_000).fill({ a: 1 }) })).toBeDefined();
  });
});

describe('a search request', () => {
  const refusal = (body: object): string | undefined => {
    const [issue] = searchRequest.safeParse({ query: 'mill', ...body }).error?.issues ?? [];
    return issue && `${issue.path.join('.')}: ${issue.message}`;
  };

  it('brings nothing that was not asked for, so that an older service takes it', () => {
    expect(Object.keys(searchRequest.parse({ query: 'mill' }))).toEqual(['query', 'top_k', 'mode', 'fusion']);
  });

  it('weighs a side by 1 where nothing is said of it', () => {
    expect(searchRequest.parse({ query: 'mill', weights: { dense: 2 } }).weights).toEqual({
      dense: 2,
      sparse: 1,
    });
  });

  it('takes a diversity from 0 to 1', () => {
    expect(refusal({ mmr: { diversity: 0.3 } })).toBeUndefined();
    for (const diversity of [undefined, -0.1, 1.1, '0.5', null])
      expect(refusal({ mmr: { diversity } })).toMatch(/^mmr\.diversity: /);
    expect(refusal({ mmr: true })).toMatch(/^mmr: /);
  });

  it('takes a word or numbers for reranking', () => {
    for (const rerank of [true, false, {}, { candidates: 2, top_n: 100 }])
      expect(refusal({ rerank })).toBeUndefined();
    for (const rerank of [1, { candidates: 1 }, { candidates: 101 }, { top_n: 0 }, { top_k: 3 }])
      expect(refusal({ rerank })).toMatch(/^rerank/);
  });

  it('takes up to five neighbours', () => {
    for (const neighbours of [0, 5]) expect(refusal({ neighbours })).toBeUndefined();
    for (const neighbours of [-1, 6, 1.5, '1', null])
      expect(refusal({ neighbours })).toMatch(/^neighbours: /);
  });

  it('takes feedback where there is a vector to move', () => {
    for (const feedback of [true, false, {}, { results: 5, weight: 1 }])
      expect(refusal({ feedback })).toBeUndefined();
    for (const feedback of [{ results: 11 }, { weight: 1.1 }, { documents: 3 }, 'yes'])
      expect(refusal({ feedback })).toMatch(/^feedback/);
    expect(refusal({ mode: 'sparse', feedback: true })).toMatch(/^feedback: .* hybrid and dense only$/);
    expect(refusal({ mode: 'sparse', feedback: false })).toBeUndefined();
  });

  it('refuses weights that mean nothing', () => {
    expect(refusal({ weights: { dense: 0, sparse: 0 } })).toBe(
      'weights: one of dense and sparse must be above 0',
    );
    expect(refusal({ weights: { dense: -1 } })).toMatch(/^weights\.dense: /);
    expect(refusal({ weights: { words: 1 } })).toMatch(/^weights: .*words/);
    for (const mode of ['dense', 'sparse'])
      expect(refusal({ mode, weights: {} })).toBe('weights: weights are of use in mode hybrid only');
  });
});
