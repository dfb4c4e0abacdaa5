import type { MillraceError, Principal } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../messaging/caller.ts';
import { Authenticator } from './authenticator.ts';
import { KnownKeys } from './known-keys.ts';

const ann: Principal = { tenant: 'acme', name: 'user:ann', groups: [], rights: ['read'] };

let answer: () => Promise<{ principal: Principal | null }>;
let asked: number;
let known: KnownKeys;
let authenticator: Authenticator;

beforeEach(() => {
  vi.useFakeTimers();
  answer = async () => ({ principal: ann });
  asked = 0;
  known = new KnownKeys();
  const caller = { call: () => (asked++, answer()) } as unknown as Caller;
  authenticator = new Authenticator(caller, known, { adminKey: 'an-admin-key-for-tests', open: false });
});
afterEach(() => vi.useRealTimers());

const identify = () => authenticator.identify('Bearer mr_key');
const revoke = () => (answer = async () => ({ principal: null }));
const refusal = expect.objectContaining({ code: 'unauthenticated' }) as MillraceError;

describe('a key', () => {
  it('is asked for once in two seconds', async () => {
    await identify();
    vi.advanceTimersByTime(1_999);
    expect(await identify()).toEqual(ann);
    expect(asked).toBe(1);
  });

  it('ends at once in the process that revokes it', async () => {
    await identify();
    revoke();
    known.forgetAll();
    await expect(identify()).rejects.toEqual(refusal);
  });

  it('ends within two seconds in others, however long the answer took', async () => {
    const slow = Promise.withResolvers<{ principal: Principal }>();
    answer = () => slow.promise;
    const first = identify();
    vi.advanceTimersByTime(1_500);
    slow.resolve({ principal: ann });
    await first;
    revoke();
    vi.advanceTimersByTime(500);
    await expect(identify()).rejects.toEqual(refusal);
  });

  it('that is revoked while it is looked up does not go on afterwards', async () => {
    const late = Promise.withResolvers<{ principal: Principal }>();
    answer = () => late.promise;
    const first = identify();
    revoke();
    known.forgetAll();
    late.resolve({ principal: ann });
    expect(await first).toEqual(ann);
    await expect(identify()).rejects.toEqual(refusal);
  });
});

it('the admin key needs nobody to ask', async () => {
  expect(await authenticator.identify('Bearer an-admin-key-for-tests')).toMatchObject({
    name: 'user:admin',
  });
  expect(asked).toBe(0);
});
