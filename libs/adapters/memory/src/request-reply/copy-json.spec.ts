import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyJson } from './copy-json.ts';

describe('copyJson', () => {
  it('does what a way through JSON text does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.stringify(copyJson(value))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('shares no part with the original', () => {
    const original = { list: [{ a: 1 }] };
    const copied = copyJson(original);
    copied.list[0]!.a = 2;
    expect(original.list[0]!.a).toBe(1);
  });

  it('leaves undefined fields out', () => {
    expect(Object.keys(copyJson({ a: undefined, b: 1 }))).toEqual(['b']);
  });

  it('keeps a field named __proto__ a field', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}') as object;
    expect(JSON.stringify(copyJson(value))).toBe('{"__proto__":{"polluted":true}}');
  });

  const foreign = [new Date(0), new Float32Array(1), new Map(), NaN, Infinity, 1n, () => 1, Symbol('s')];
  it.each(foreign)('refuses %s and names the place', (value) => {
    expect(() => copyJson({ list: ['fine', value] })).toThrow('$.list.1 is not JSON');
  });

  it('refuses undefined in a list, where JSON would put null', () => {
    expect(() => copyJson([undefined])).toThrow(TypeError);
  });
});
