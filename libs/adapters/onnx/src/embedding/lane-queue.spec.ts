import { describe, expect, it } from 'vitest';
import { LaneQueue, type Submission } from './lane-queue.ts';

/** Counts how often somebody looks at one of its texts. */
function submission(group: string, count: number, looks: { count: number }): Submission {
  const texts = new Proxy(
    Array.from({ length: count }, () => new Int32Array(2)),
    {
      get: (target, key, receiver): unknown => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks.count += 1;
        return Reflect.get(target, key, receiver);
      },
    },
  );
  return {
    ...{ lane: 'bulk', group, texts, vectors: [], admittedAt: 0, startedAt: undefined, next: 0 },
    ...{ missing: count, settled: false, end: () => undefined },
  };
}

describe('what a caller who goes away leaves', () => {
  it.each([10, 1_000])('is forgotten by looking at its own texts, whatever else waits: %i', (others) => {
    const queue = new LaneQueue(100);
    const looks = { count: 0 };
    const own = submission('a', 3, looks);
    for (let n = 0; n < others; n++) queue.add(submission(['a', 'b'][n % 2]!, 2, looks));
    queue.add(own);
    looks.count = 0;
    queue.drop(own);
    expect(looks.count).toBe(3);
    expect(queue.tokens).toBe(4 * others);
    expect(queue.tokensOfGroup('a')).toBe(2 * others);
  });

  it('is forgotten once, with what is to be tried again and without what was taken', () => {
    const queue = new LaneQueue(100);
    const [own, other] = [submission('a', 4, { count: 0 }), submission('b', 1, { count: 0 })];
    queue.add(own);
    queue.add(other);
    const [text] = queue.take(2);
    queue.addAgain(text!);
    expect(queue.tokens).toBe(10);
    queue.drop(own);
    queue.drop(own);
    expect([queue.tokens, queue.tokensOfGroup('a'), queue.waitingGroups]).toEqual([2, 0, 1]);
    expect(queue.take(100).map(({ of }) => of)).toEqual([other]);
    expect(queue.tokens).toBe(0);
  });
});
