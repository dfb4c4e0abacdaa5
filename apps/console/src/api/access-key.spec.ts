import { describe, expect, it } from 'vitest';
import { authorization } from './access-key.ts';
import { keyRefused } from './problem.ts';

describe('the header with the key', () => {
  it('is there when there is a key', () => {
    expect(authorization('mr_key')).toEqual({ authorization: 'Bearer mr_key' });
    expect(authorization('mr_clé')).toEqual({ authorization: 'Bearer mr_clé' });
    expect(authorization('')).toEqual({});
  });

  it.each(['mr_a\u2013b', 'mr_ab\u200b', 'mr_\u00a0', 'mr_\n'])('is refused for a key as %j', (key) => {
    const refusal = { code: keyRefused, message: expect.stringContaining('keys never have') as string };
    expect(() => authorization(key)).toThrow(expect.objectContaining(refusal));
  });
});
