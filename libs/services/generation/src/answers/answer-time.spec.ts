import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { AnswerTime } from './answer-time.ts';

describe('AnswerTime', () => {
  it('is over when the caller goes away', () => {
    const caller = new AbortController();
    using time = new AnswerTime(caller.signal, 60);
    expect(time.reason).toBeUndefined();
    caller.abort();
    expect(time.reason).toMatchObject({ code: 'cancelled' });
  });

  it('is over from the start when the caller was gone', () => {
    using time = new AnswerTime(AbortSignal.abort(), 60);
    expect(time.reason).toMatchObject({ code: 'cancelled' });
  });

  it('is over when the time is up, whatever happens later', () => {
    vi.useFakeTimers();
    const caller = new AbortController();
    using time = new AnswerTime(caller.signal, 2);
    vi.advanceTimersByTime(2000);
    caller.abort();
    expect(time.reason).toMatchObject({ code: 'deadline_exceeded' });
    vi.useRealTimers();
  });

  it('leaves neither listener nor timer, and stops what was begun for it', () => {
    vi.useFakeTimers();
    const caller = new AbortController();
    const time = new AnswerTime(caller.signal, 2);
    time[Symbol.dispose]();
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(time.signal.aborted).toBe(true);
    vi.useRealTimers();
  });
});
