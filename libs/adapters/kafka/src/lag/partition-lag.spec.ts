import { describe, expect, it } from 'vitest';
import { waitingIn } from './partition-lag.ts';

const state = { partition: 0, low: 10, high: 30 };

describe('waitingIn', () => {
  it('counts from what the group has committed', () => {
    expect(waitingIn({ ...state, committed: 25 })).toBe(5);
    expect(waitingIn({ ...state, committed: 30 })).toBe(0);
  });

  it('counts what is there for a new group, or for one that retention overtook', () => {
    expect(waitingIn({ ...state, committed: -1 })).toBe(20);
    expect(waitingIn({ ...state, committed: 3 })).toBe(20);
  });

  it('has none where the log was made anew', () => {
    expect(waitingIn({ partition: 0, low: 0, high: 2, committed: 7 })).toBe(0);
  });
});
