import { describe, expect, it } from 'vitest';
import { limiter } from './limiter.ts';

describe('a limiter', () => {
  it('runs so many at a time and no more, in order, past failures', async () => {
    const limited = limiter(2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const work = [0, 1, 2, 3].map((n) =>
      limited(async () => {
        started.push(n);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (n === 1) throw new Error('one fails');
        return n;
      }),
    );
    const results = Promise.allSettled(work);
    await turn();
    expect(started).toEqual([0, 1]);
    ends[1]!();
    await turn();
    expect(started).toEqual([0, 1, 2]);
    ends[0]!();
    ends[2]!();
    await turn();
    expect(started).toEqual([0, 1, 2, 3]);
    ends[3]!();
    expect((await results).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
