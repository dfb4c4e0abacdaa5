import { describe, expect, it } from 'vitest';
import { within } from './within.ts';

describe('within', () => {
  it('is true when the promise resolves in time, and false when it does not', async () => {
    expect(await within(1_000, Promise.resolve())).toBe(true);
    expect(await within(1, new Promise(() => undefined))).toBe(false);
  });

  it('rejects as the promise does', async () => {
    await expect(within(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
