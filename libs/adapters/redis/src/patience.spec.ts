import { describe, expect, it } from 'vitest';
import { Patience } from './patience.ts';

describe('patience', () => {
  it('goes without after a failure, and asks again when the rest is over', async () => {
    let now = 0;
    let asked = 0;
    const patience = new Patience(1_000, () => now);
    const ask = (answer: Promise<string>) =>
      patience.orElse(() => {
        asked++;
        return answer;
      }, 'without');
    expect(await ask(Promise.reject(new Error('away')))).toBe('without');
    now = 999;
    expect(await ask(Promise.resolve('answer'))).toBe('without');
    expect(asked).toBe(1);
    now = 1_000;
    expect(await ask(Promise.resolve('answer'))).toBe('answer');
    expect(await ask(Promise.resolve('answer'))).toBe('answer');
  });
});
