import { describe, expect, it } from 'vitest';
import { isTooIntricate } from './markdown-cost.ts';

describe('isTooIntricate', () => {
  it.each([
    ['emphasis that never ends', '*a_'.repeat(60_000)],
    ['the same on many lines', '*a_\n'.repeat(60_000)],
    ['a quote in a quote in a quote', '>'.repeat(100_000)],
    ['a list in a list in a list', '1. '.repeat(1000)],
  ])('is true of %s', (_, text) => {
    expect(isTooIntricate(text)).toBe(true);
  });

  it.each([
    [
      'a long book',
      `${'The *mill* by the __weir__ has ~~two~~ three wheels. '.repeat(4)}\n\n`.repeat(20_000),
    ],
    ['a long table', '| **a** | _b_ | `c` |\n'.repeat(2000)],
    ['a line of dashes', `a\n${'-'.repeat(5000)}\n`],
    ['a deep discussion', `${'> '.repeat(40)}so it goes\n`.repeat(50)],
  ])('is false of %s', (_, text) => {
    expect(isTooIntricate(text)).toBe(false);
  });
});
