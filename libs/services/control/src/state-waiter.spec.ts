import { describe, expect, it } from 'vitest';
import type { DocumentState, DocumentStatus } from '@millrace/contracts';
import { Health } from '@millrace/platform';
import { hasReached, StateWaiter } from './state-waiter.ts';

const settings = {
  maxWaiters: 1,
  reconcileSeconds: 1,
  stallSeconds: 1,
  maxResends: 1,
  modelRollbackHours: 24,
  modelSwitchSeconds: 1,
};
const signal = new AbortController().signal;
const newWaiter = (health = new Health([], () => undefined)) => new StateWaiter(settings, health);
const passing = (...states: DocumentState[]) => {
  let at = 0;
  return async () => ({ state: states[Math.min(at++, states.length - 1)] }) as DocumentStatus;
};

describe('waiting for a state', () => {
  it('ends when it is reached', async () => {
    const waiter = newWaiter();
    const status = await waiter.until(
      'embedded',
      5000,
      passing('accepted', 'parsed', 'embedded', 'indexed'),
      signal,
    );
    expect(status?.state).toBe('embedded');
  });

  it('ends in a state that nothing follows', async () => {
    const waiter = newWaiter();
    expect((await waiter.until('indexed', 5000, passing('accepted', 'dead-lettered'), signal))?.state).toBe(
      'dead-lettered',
    );
  });

  it('ends with what is there when the time is up', async () => {
    expect((await newWaiter().until('indexed', 30, passing('accepted'), signal))?.state).toBe('accepted');
  });

  it('ends with what is there when the process is to end', async () => {
    const health = new Health([], () => undefined);
    const status = newWaiter(health).until('indexed', 60_000, passing('accepted'), signal);
    health.draining();
    expect((await status)?.state).toBe('accepted');
  });

  it('ends when the client goes away', async () => {
    await expect(
      newWaiter().until('indexed', 5000, passing('accepted'), AbortSignal.timeout(20)),
    ).rejects.toThrow();
  });

  it('is refused when too many wait already', async () => {
    const waiter = newWaiter();
    const first = waiter.until('indexed', 50, passing('accepted'), signal);
    await expect(waiter.until('indexed', 50, passing('accepted'), signal)).rejects.toMatchObject({
      code: 'queue_full',
    });
    await first;
    expect(await waiter.until('indexed', 50, passing('indexed'), signal)).toMatchObject({ state: 'indexed' });
  });
});

it('a later state counts as reached, a deletion only when it is one', () => {
  expect(hasReached('embedded', 'parsed')).toBe(true);
  expect(hasReached('parsed', 'embedded')).toBe(false);
  expect(hasReached('accepted', 'deleted')).toBe(false);
  expect(hasReached('indexed', 'deleted')).toBe(false);
  expect(hasReached('indexed', 'dead-lettered')).toBe(true);
  expect(hasReached('deleted', 'deleted')).toBe(true);
});
