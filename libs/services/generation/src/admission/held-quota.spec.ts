import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LedgerDouble } from '../testing/ledger-double.ts';
import { HeldQuota } from './held-quota.ts';

const grant = { id: '1', tenant: 'acme', charges: [] };
const used = { requests: 1, tokens: 2, spend: 3 };
let ledger: LedgerDouble;

beforeEach(() => {
  vi.useFakeTimers();
  ledger = new LedgerDouble();
});
afterEach(() => vi.useRealTimers());

it('goes on for as long as its answer, and no longer', async () => {
  const held = new HeldQuota(ledger, grant);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(ledger.renewed).toEqual([grant, grant, grant]);
  await held.settle(used);
  await vi.advanceTimersByTimeAsync(61_000);
  expect(ledger.renewed).toHaveLength(3);
  expect(ledger.settled).toEqual([used]);
});

it('is tried to be renewed again when that fails', async () => {
  new HeldQuota(ledger, grant);
  ledger.failure = new Error('away');
  await vi.advanceTimersByTimeAsync(21_000);
  ledger.failure = undefined;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ledger.renewed).toHaveLength(1);
});
