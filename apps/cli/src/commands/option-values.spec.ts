import { describe, expect, it } from 'vitest';
import { addFilter, addPair, pastTime, wholeNumber } from './option-values.ts';

describe('key=value options', () => {
  it('read numbers, true and false as such, and everything else as text', () => {
    const pairs = ['year=2024', 'ratio=-0.5', 'draft=true', 'code=007', 'zip=1e5', 'eq=a=b', 'empty='];
    expect(pairs.reduce((all, pair) => addPair(pair, all), {})).toEqual({
      year: 2024,
      ratio: -0.5,
      draft: true,
      code: '007',
      zip: '1e5',
      eq: 'a=b',
      empty: '',
    });
  });

  it('become a list when a key is given several times', () => {
    expect(addPair('tag=c', addPair('tag=2', addPair('tag=a')))).toEqual({ tag: ['a', '2', 'c'] });
  });

  it('are refused without a key', () => {
    expect(() => addPair('=a')).toThrow('key=value');
    expect(() => addPair('a')).toThrow('key=value');
  });
});

describe('a filter', () => {
  it('is a pair or JSON, and all that are given must hold', () => {
    expect(addFilter('team=ops')).toEqual({ team: 'ops' });
    expect(addFilter('{"year":{"gte":2020}}', addFilter('team=ops'))).toEqual({
      $and: [{ team: 'ops' }, { year: { gte: 2020 } }],
    });
  });

  it('that is broken JSON is refused with an example', () => {
    expect(() => addFilter('{year')).toThrow('{"year": {"gte": 2020}}');
  });
});

describe('a whole number', () => {
  it('keeps to its range', () => {
    expect(wholeNumber(1, 10)('10')).toBe(10);
    for (const text of ['0', '11', '1.5', 'x', ''])
      expect(() => wholeNumber(1, 10)(text)).toThrow('from 1 to 10');
  });
});

describe('a time in the past', () => {
  it('is a time with its offset', () => {
    expect(pastTime('2026-03-01T10:00:00+01:00')).toBe('2026-03-01T09:00:00.000Z');
  });

  it('is so long ago', () => {
    const ago = (text: string) => Date.now() - Date.parse(pastTime(text));
    expect(ago('90m') / 60_000).toBeCloseTo(90, 1);
    expect(ago('7d') / 86_400_000).toBeCloseTo(7, 3);
  });

  it('is refused without an offset or a unit', () => {
    for (const text of [
      '2026-03-01T09:00:00',
      '2026-03-01',
      '90',
      '2w',
      'yesterday',
      '',
      '2026-02-30T00:00:00Z',
    ])
      expect(() => pastTime(text)).toThrow('2h');
  });
});
