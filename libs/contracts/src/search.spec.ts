import { describe, expect, it } from 'vitest';
import { filter } from './search.ts';

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
