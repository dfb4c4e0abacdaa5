import { describe, expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('readAhead', () => {
  it('hands over what came while the reader was busy, in order', async () => {
    const go = Promise.withResolvers<void>();
    async function* source() {
      yield 1;
      await go.promise;
      yield 2;
      yield 3;
    }
    const batches: number[][] = [];
    for await (const batch of readAhead(source())) {
      batches.push(batch);
      go.resolve();
      await turn();
    }
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('rejects after the parts that came before the error', async () => {
    async function* source() {
      yield* [1, 2];
      throw new Error('cut');
    }
    const seen: number[] = [];
    const read = async () => {
      for await (const batch of readAhead(source())) seen.push(...batch);
    };
    await expect(read()).rejects.toThrow('cut');
    expect(seen).toEqual([1, 2]);
  });

  it('reads no further than its bound', async () => {
    let produced = 0;
    async function* source() {
      for (;;) yield produced++;
    }
    const reader = readAhead(source());
    await reader.next();
    for (let i = 0; i < 20; i++) await turn();
    expect(produced).toBeLessThan(600);
    await reader.return(undefined);
  });

  it('stops reading when its reader stops', async () => {
    let closed = false;
    async function* source() {
      try {
        for (let i = 0; ; i++) {
          yield i;
          await turn();
        }
      } finally {
        closed = true;
      }
    }
    for await (const batch of readAhead(source())) if (batch.length > 0) break;
    await expect.poll(() => closed).toBe(true);
  });

  it('takes lists as well', async () => {
    const batches: number[][] = [];
    for await (const batch of readAhead([1, 2])) batches.push(batch);
    expect(batches.flat()).toEqual([1, 2]);
  });
});
