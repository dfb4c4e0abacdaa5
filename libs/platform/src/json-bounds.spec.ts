import { describe, expect, it } from 'vitest';
import { jsonExcess } from './json-bounds.ts';

const of = (json: string, bounds = {}) => jsonExcess(Buffer.from(json), bounds);

describe('the bounds of JSON', () => {
  it.each([
    ['null', 1],
    ['[]', 1],
    ['{ }', 1],
    ['[1]', 2],
    ['[1, 2,\n3]', 4],
    ['{"a": [1, {"b": null}], "c": "x"}', 6],
    [String.raw`["a,b", "[[", "\"],[", "\\"]`, 5],
    ['["é", "漢字", ""]', 4],
  ])('count values, those in strings not: %s has %i', (json, values) => {
    expect(of(json, { most: values })).toBeUndefined();
    expect(of(json, { most: values - 1 })).toBe('values');
  });

  it.each([
    ['[[[1]]]', 3],
    ['[[[]]]', 2],
    ['{"a":{"b":[{}]}}', 3],
    ['[[1],[[2]],"[[[[[["]', 3],
  ])('tell how deep it goes: %s goes to %i', (json, depth) => {
    expect(of(json, { deepest: depth })).toBeUndefined();
    expect(of(json, { deepest: depth - 1 })).toBe('depth');
  });

  it('tell of a number without an end', () => {
    expect(of(`[1, ${'9'.repeat(1000)}, {"a": ${'9'.repeat(1000)}}]`)).toBe('number');
    expect(of(`[1, ${'9'.repeat(1000)}, {"a": ${'9'.repeat(999)}}]`)).toBeUndefined();
    expect(of(`["${'9'.repeat(2000)}"]`)).toBeUndefined();
  });

  it.each(['', '"', '"a', String.raw`"a\"`, ']]]', ',', '{"a"'])('stand what is no JSON: %j', (text) => {
    expect(of(text)).toBeUndefined();
  });

  it('are seen before anything is built', () => {
    const brackets = Buffer.alloc(30_000_000, '[');
    const many = Buffer.alloc(30_000_000, '1,');
    expect([jsonExcess(brackets), jsonExcess(many, { most: 1000 })]).toEqual(['depth', 'values']);
  });
});
