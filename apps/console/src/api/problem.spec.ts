import { describe, expect, it } from 'vitest';
import { keyRefused, problemOf } from './problem.ts';

const unauthenticated = { error: { code: 'unauthenticated', message: 'No valid key was given.' } };

describe('a refusal', () => {
  it('tells a key that was refused from none', () => {
    expect(problemOf(unauthenticated, 401)).toMatchObject({
      code: 'unauthenticated',
      message: 'No valid key was given.',
    });
    expect(problemOf(unauthenticated, 401, true)).toMatchObject({
      code: keyRefused,
      message: expect.stringContaining('refused this key') as string,
    });
  });

  it('of headers that are too large is about the key', () => {
    const tooLarge = { error: { code: 'headers_too_large', message: 'Send less.' } };
    expect(problemOf(tooLarge, 431, true)).toMatchObject({
      code: keyRefused,
      message: expect.stringContaining('too long') as string,
    });
    expect(problemOf(tooLarge, 431)).toMatchObject({ code: 'headers_too_large' });
  });

  it('is in the words of the server otherwise', () => {
    const full = { error: { code: 'queue_full', message: 'Full.', retry_after: 2 } };
    expect(problemOf(full, 429, true)).toMatchObject({ code: 'queue_full', message: 'Full.', retryAfter: 2 });
    expect(problemOf('nginx', 502, true).message).toContain('status 502');
  });
});
