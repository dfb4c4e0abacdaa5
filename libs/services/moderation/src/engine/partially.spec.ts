import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partially } from './partially.ts';

const expressions = [
  /ab?c/u,
  /(?<![\w.])a{2,3}(?:b|cd)*\b/u,
  /a(?:bc|b[)d\]]){1,2}(?![\w-])/u,
  /([ab])c\1/u,
  /a\)\p{L}|b\.c?/u,
];
const text = fc.string({ unit: fc.constantFrom(...'aabbcd)]. -'), maxLength: 9 });

const at = (expression: RegExp, given: string, start: number) => {
  const sticky = new RegExp(expression, 'yu');
  sticky.lastIndex = start;
  return sticky.exec(given)?.[0];
};

describe('a part of an expression', () => {
  it('is found wherever more text makes it a match, and decides nothing that more text changes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...expressions),
        text,
        text,
        fc.nat(8),
        (expression, given, more, place) => {
          fc.pre(place < given.length);
          const now = at(partially(expression), given, place);
          const isOpen = now !== undefined && place + now.length === given.length;
          if (!isOpen) expect(at(expression, given + more, place)).toBe(now);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('is nothing where no text makes it a match', () => {
    expect(at(partially(/ab?c/u), 'ad', 0)).toBeUndefined();
    expect(at(partially(/ab?c/u), 'ab', 0)).toBe('ab');
    expect(at(partially(/ab?c/u), 'abcd', 0)).toBe('abc');
  });
});
