import { describe, expect, it } from 'vitest';
import { fact, factsOf, presence } from './facts.ts';

describe('factsOf', () => {
  it('names every item once, that there is one, and the document whatever the metadata say', () => {
    expect(factsOf('guide', { tags: ['a', 'b', 'a'], size: -0.5, none: [], id: 'x' })).toEqual([
      ...[
        '["tags"]',
        '["tags","a"]',
        '["tags","b"]',
        '["size"]',
        '["size",-0.5]',
        '["id"]',
        '["id","guide"]',
      ],
    ]);
  });

  it('tells types, names and values apart', () => {
    const facts = [
      fact('a', 1),
      fact('a', '1'),
      fact('a', true),
      fact('a', 'true'),
      presence('a'),
      fact('a","b', 1),
    ];
    expect(new Set(facts).size).toBe(facts.length);
  });

  it('keeps long ones short, and apart', () => {
    const [one, other] = [fact('a', `${'x'.repeat(2_000)}1`), fact('a', `${'x'.repeat(2_000)}2`)];
    expect(one.length).toBeLessThanOrEqual(64);
    expect(one).not.toBe(other);
  });
});
