import { describe, expect, it } from 'vitest';
import { detectors } from '../rules/index.ts';
import { moderate, moderating } from './moderate.ts';
import { inTurns } from './turns.ts';

const input = (text: string) => ({
  ...({ tenant: 't', direction: 'input', preceding: '', text, encoding: 'text', final: true } as const),
});
const longest = 400_000;

/** The longest time for which nobody else had the event loop. */
async function longestStall(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longestWait = 0;
  let over = false;
  const look = (): void => {
    longestWait = Math.max(longestWait, performance.now() - last);
    last = performance.now();
    if (!over) setImmediate(look);
  };
  setImmediate(look);
  await work();
  over = true;
  return Math.max(longestWait, performance.now() - last);
}

describe('moderation in turns', () => {
  it('decides what it decides at once', async () => {
    const given = input('My card is 4111 1111 1111 1111, I am ﷺ. '.repeat(500));
    expect(await inTurns(moderating(detectors, given))).toEqual(moderate(detectors, given));
  });

  it.each(['4111 1111 1111 1111 ', '😀', '\ufdfa', 'é ü', 'kill yourself ', 'x'])(
    'lets others have the event loop while it reads the longest text: %j',
    { timeout: 30_000 },
    async (part) => {
      const given = input(part.repeat(longest / part.length));
      const stall = await longestStall(() => inTurns(moderating(detectors, given)));
      expect(stall).toBeLessThan(1000);
    },
  );

  it('is not confused by another one that has its turns in between', () => {
    const texts = ['password = "correct8horse" ', 'to a@b.example, kys, password: n0t4nyone '].map((text) =>
      text.repeat(9),
    );
    const works = texts.map((text) => moderating(detectors, input(text)));
    const done: unknown[] = [];
    while (done.filter(Boolean).length < works.length)
      for (const [at, work] of works.entries()) {
        const step = work.next();
        if (step.done) done[at] ??= step.value;
      }
    expect(done).toEqual(texts.map((text) => moderate(detectors, input(text))));
  });

  it('ends when nobody waits for it any more', async () => {
    const controller = new AbortController();
    const work = inTurns(moderating(detectors, input('é '.repeat(longest / 2))), controller.signal);
    controller.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
  });
});
