import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { codeOf, finishAll, limits, range, texts } from '../testing/dispatching.ts';
import { FakeWorker } from '../testing/fake-worker.ts';
import { Dispatcher } from './dispatcher.ts';

const bulk = { lane: 'bulk' } as const;

/** One worker after the other: each is put to `end` when it comes to run what it says, until none is left to run. */
async function runThrough(
  dispatcher: Dispatcher,
  end: (worker: FakeWorker, inHand: readonly number[]) => boolean,
): Promise<number> {
  for (let ended = 0; ; ended++) {
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    let hasEnded = false;
    while (worker.inHand && !hasEnded) {
      hasEnded = end(worker, worker.inHand);
      if (!hasEnded) worker.finish();
      await setImmediate();
    }
    if (hasEnded) continue;
    dispatcher.detach(worker);
    return ended;
  }
}

/** Ends the worker that runs this text. */
const poisonedBy =
  (poison: number) =>
  (worker: FakeWorker, inHand: readonly number[]): boolean => {
    const ends = inHand.includes(poison);
    if (ends) worker.die();
    return ends;
  };

describe('When workers end, the dispatcher', () => {
  it('tries texts again elsewhere', async () => {
    const dispatcher = new Dispatcher(limits);
    const [first, second] = [new FakeWorker(), new FakeWorker()];
    dispatcher.attach(first);
    const answer = dispatcher.submit(texts(...range(0, 30)), bulk);
    dispatcher.attach(second);
    first.die();
    await finishAll(second);
    expect((await answer).vectors.map((vector) => vector[0])).toEqual(range(0, 30));
  });

  it('refuses a text that ended two while it was alone in them, and only that one', async () => {
    const dispatcher = new Dispatcher(limits);
    const poison = 7;
    const answers = range(0, 12).map((id) => codeOf(dispatcher.submit(texts(id), bulk)));
    expect(await runThrough(dispatcher, poisonedBy(poison))).toBe(3);
    const outcomes = await Promise.all(answers);
    expect(outcomes).toEqual(range(0, 12).map((id) => (id === poison ? 'poison_job' : 'answered')));
    await expect(dispatcher.submit(texts(1, poison), bulk)).rejects.toMatchObject({
      code: 'poison_job',
      detail: 'text 1 ended 2 workers before',
    });
  });

  it('runs no other copy of it that waits', async () => {
    const dispatcher = new Dispatcher(limits);
    const poison = 7;
    const copies = range(0, 15).map(() => codeOf(dispatcher.submit(texts(poison), bulk)));
    const innocent = codeOf(dispatcher.submit(texts(1), bulk));
    expect(await runThrough(dispatcher, poisonedBy(poison))).toBe(3);
    expect(new Set(await Promise.all(copies))).toEqual(new Set(['poison_job']));
    expect(await innocent).toBe('answered');
  });

  it('blames a text no more once it was computed', async () => {
    const dispatcher = new Dispatcher(limits);
    for (let turn = 0; turn < 3; turn++) {
      const answer = codeOf(dispatcher.submit(texts(1), bulk));
      let hasCrashed = false;
      await runThrough(dispatcher, (worker) => {
        if (hasCrashed) return false;
        worker.die();
        return (hasCrashed = true);
      });
      expect(await answer).toBe('answered');
    }
  });

  it('blames nobody for those that are killed from outside, however often each text is met', async () => {
    const dispatcher = new Dispatcher(limits);
    const answers = range(0, 12).map((id) => codeOf(dispatcher.submit(texts(id), bulk)));
    const met = new Map<number, number>();
    const killed = await runThrough(dispatcher, (worker, [first]) => {
      const times = (met.get(first!) ?? 0) + 1;
      met.set(first!, times);
      if (times <= 8) worker.die({ fromOutside: true });
      return times <= 8;
    });
    expect(killed).toBeGreaterThan(90);
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['answered']));
  });

  it('tells who waits for a text that is killed ten times that this cannot go on, and takes it again', async () => {
    const dispatcher = new Dispatcher(limits);
    const answer = codeOf(dispatcher.submit(texts(1), bulk));
    const killed = await runThrough(dispatcher, (worker) => {
      worker.die({ fromOutside: true });
      return true;
    });
    expect([killed, await answer]).toEqual([10, 'dependency_unavailable']);
    const again = codeOf(dispatcher.submit(texts(1), bulk));
    await runThrough(dispatcher, () => false);
    expect(await again).toBe('answered');
  });
});
