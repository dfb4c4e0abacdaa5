import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Beginning } from './beginning.ts';
import { keysOf, SummaryMemory, type Whose } from './summary-memory.ts';

const beginning: Beginning = { summary: 'A mill.', mark: 'm', summarised: 2, leftOut: 0, isMakeshift: false };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('summaries in memory', () => {
  it('are gone when their time is up, from when they were set last', () => {
    const memory = new SummaryMemory();
    memory.set('a', beginning, 1_000);
    vi.advanceTimersByTime(600);
    memory.set('a', beginning, 1_000);
    vi.advanceTimersByTime(999);
    expect(memory.get('a')).toBe(beginning);
    vi.advanceTimersByTime(1);
    expect(memory.get('a')).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are not kept where they are to have no life, and the oldest go when there are many', () => {
    const memory = new SummaryMemory();
    memory.set('none', beginning, 0);
    expect(memory.get('none')).toBeUndefined();
    for (let at = 0; at <= 500; at += 1) memory.set(`${at}`, beginning, 1_000);
    expect(memory.get('0')).toBeUndefined();
    expect(memory.get('1')).toBe(beginning);
    memory.clear();
    expect(memory.get('1')).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the keys of a conversation', () => {
  const whose: Whose = {
    principal: { tenant: 'default', name: 'user:a', groups: ['mill'], rights: ['read'] },
    model: 'm-1',
    backEnd: undefined,
  };
  const groups = [
    [{ role: 'user' as const, content: 'Who?' }],
    [{ role: 'user' as const, content: 'When?' }],
  ];

  it('stay as it grows', () => {
    const [first, second] = keysOf(whose, groups);
    expect(keysOf(whose, groups.slice(0, 1))).toEqual([first]);
    expect(second).not.toBe(first);
  });

  it('are of one who asks, what he may see, one model and one back end', () => {
    const { principal } = whose;
    const others: Whose[] = [
      { ...whose, principal: { ...principal, tenant: 'other' } },
      { ...whose, principal: { ...principal, name: 'user:b' } },
      { ...whose, principal: { ...principal, groups: [] } },
      { ...whose, model: 'm-2' },
      { ...whose, backEnd: 'mock' },
    ];
    const keys = [whose, ...others].map((one) => keysOf(one, groups)[0]);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
