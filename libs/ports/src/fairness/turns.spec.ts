import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

/** Who goes next of those that want to. */
function next(turns: Turns, costs: Readonly<Record<string, number>>): string {
  const [first] = Object.keys(costs).sort((a, b) => turns.startOf(a) - turns.startOf(b));
  turns.take(first!, costs[first!]!);
  return first!;
}
const order = (turns: Turns, count: number, costs: Readonly<Record<string, number>>): string =>
  Array.from({ length: count }, () => next(turns, costs)).join('');

describe('Turns', () => {
  it('alternate among those that want something', () => {
    expect(order(new Turns(), 9, { a: 1, b: 1, c: 1 })).toBe('abcabcabc');
  });

  it('give the same cost, not the same number', () => {
    const given = order(new Turns(), 22, { a: 10, b: 1 });
    expect([given.match(/a/g)?.length, given.match(/b/g)?.length]).toEqual([2, 20]);
    expect(given.slice(1, 11)).toBe('b'.repeat(10));
  });

  it('let one that comes back go at once, and then alternate: absence earns no credit', () => {
    const turns = new Turns();
    order(turns, 1000, { a: 1 });
    const given = order(turns, 20, { b: 1, a: 1 });
    expect(given.startsWith('b')).toBe(true);
    expect(given.match(/b/g)?.length).toBeLessThanOrEqual(11);
  });

  it('remember that one has just had more than the others', () => {
    const turns = new Turns();
    order(turns, 2, { a: 100, b: 1 });
    expect(order(turns, 99, { a: 1, b: 1 })).toBe('b'.repeat(99));
  });

  it('let those out of turn pay as well, and hold up nobody that could not go meanwhile', () => {
    const turns = new Turns();
    turns.take('a', 1);
    for (let n = 0; n < 5; n++) turns.take('b', 1, true);
    expect(turns.startOf('a')).toBe(1);
    expect(turns.startOf('c')).toBe(0);
    expect(order(turns, 6, { b: 1, a: 1 })).toBe('aaaaba');
  });

  it('give a head start to one that comes back, as often as it does, and no more', () => {
    const turns = new Turns(3);
    order(turns, 100, { a: 1 });
    expect(order(turns, 10, { a: 1, b: 1 }).slice(0, 6)).toMatch(/^bbb[ab]*a/);
    order(turns, 100, { a: 1 });
    expect(order(turns, 3, { a: 1, b: 1 })).toBe('bbb');
    const both = order(turns, 100, { a: 1, b: 1 });
    expect(Math.abs(both.match(/a/g)!.length - 50)).toBeLessThanOrEqual(2);
  });

  it('forget groups that have long been away', () => {
    const turns = new Turns();
    for (let n = 0; n < 10_000; n++) turns.take(`group${n}`, 1);
    turns.take('group0', 1);
    expect((turns as unknown as { ends: Map<string, number> }).ends.size).toBeLessThan(10_001);
    expect(turns.startOf('group0')).toBeGreaterThan(0);
  });
});
