import { setImmediate } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { codeOf, finishAll, limits, range, text, texts } from '../testing/dispatching.ts';
import { FakeWorker } from '../testing/fake-worker.ts';
import { Dispatcher } from './dispatcher.ts';

describe('Dispatcher', () => {
  it('gives each text its own vector, whichever worker made it', async () => {
    const dispatcher = new Dispatcher(limits);
    const workers = [new FakeWorker(), new FakeWorker()];
    for (const worker of workers) dispatcher.attach(worker);
    const answer = dispatcher.submit(texts(...range(0, 40)), { lane: 'bulk' });
    await finishAll(...workers);
    expect((await answer).vectors.map((vector) => vector[0])).toEqual(range(0, 40));
  });

  it('shares a few texts out among free workers', () => {
    const dispatcher = new Dispatcher(limits);
    const workers = [new FakeWorker(), new FakeWorker()];
    for (const worker of workers) dispatcher.attach(worker);
    void dispatcher.submit(texts(1, 2, 3, 4), { lane: 'bulk' });
    expect(workers.map(({ seen }) => seen.length)).toEqual([2, 2]);
  });

  it('keeps one batch behind the one being computed, and no more', () => {
    const dispatcher = new Dispatcher(limits);
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    void dispatcher.submit(texts(...range(0, 50)), { lane: 'bulk' });
    expect(worker.batches.map((batch) => batch.texts.length)).toEqual([10, 10]);
    expect(dispatcher.waitingTokens).toBe(300);
  });

  it('gives a worker that runs many tokens at once as many', () => {
    const dispatcher = new Dispatcher(limits);
    const worker = new FakeWorker('everything', 300);
    dispatcher.attach(worker);
    void dispatcher.submit(texts(...range(0, 50)), { lane: 'bulk' });
    expect(worker.batches.map((batch) => batch.texts.length)).toEqual([30, 20]);
  });

  it('makes batches half as large, and puts none behind another, while several groups have bulk work', async () => {
    let now = 0;
    const dispatcher = new Dispatcher(limits, () => now);
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    const sizes = async (): Promise<number[]> => {
      const inHand = worker.batches.map((batch) => batch.texts.length);
      await finishAll(worker);
      return inHand;
    };
    void dispatcher.submit(texts(...range(0, 20)), { lane: 'bulk', group: 'a' });
    expect(await sizes()).toEqual([10, 10]);
    void dispatcher.submit(texts(...range(0, 10)), { lane: 'bulk', group: 'b' });
    expect(await sizes()).toEqual([5]);
    for (const group of ['b', 'a']) {
      now += 20_000;
      void dispatcher.submit(texts(...range(0, 20)), { lane: 'bulk', group });
      expect(await sizes()).toEqual([10, 10]);
    }
  });

  it('takes groups for rivals while what one has brought still waits, however long ago', async () => {
    let now = 0;
    const dispatcher = new Dispatcher(limits, () => now);
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    void dispatcher.submit(texts(...range(0, 90)), { lane: 'bulk', group: 'a' });
    now = 60_000;
    void dispatcher.submit(texts(100), { lane: 'bulk', group: 'b' });
    for (let n = 0; n < 3; n++) {
      worker.finish();
      await setImmediate();
    }
    expect(worker.batches.map((batch) => batch.texts.length)).toEqual([5]);
  });

  it('sends interactive texts before bulk texts that came earlier', async () => {
    const dispatcher = new Dispatcher(limits);
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    void dispatcher.submit(texts(...range(0, 40)), { lane: 'bulk' });
    void dispatcher.submit(texts(99), { lane: 'interactive' });
    await finishAll(worker);
    expect(worker.seen.indexOf(99)).toBe(20);
  });

  it('lets bulk work through now and then while interactive work never ends', async () => {
    const dispatcher = new Dispatcher({ ...limits, batchTokens: 10 });
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    void dispatcher.submit(texts(...range(100, 160)), { lane: 'interactive' });
    void dispatcher.submit(texts(1, 2), { lane: 'bulk' });
    await finishAll(worker);
    expect(worker.seen.indexOf(1)).toBe(10);
    expect(worker.seen.indexOf(2)).toBe(19);
  });

  describe('with a group that has long been at it', () => {
    const long = { ...limits, waitingTokens: { interactive: 1000, bulk: 10_000 } };

    /** Group a has had ten batches and wants many more; two are in the worker's hands. */
    async function wellUnderWay() {
      const dispatcher = new Dispatcher(long);
      const worker = new FakeWorker();
      dispatcher.attach(worker);
      void dispatcher.submit(texts(...range(0, 400)), { lane: 'bulk', group: 'a' });
      for (let n = 0; n < 10; n++) {
        worker.finish();
        await setImmediate();
      }
      return { dispatcher, worker, seen: () => worker.seen.slice(120) };
    }

    it('does a few texts of another in one go, before that goes on', async () => {
      const { dispatcher, worker, seen } = await wellUnderWay();
      void dispatcher.submit(texts(...range(1000, 1025)), { lane: 'bulk', group: 'b' });
      await finishAll(worker);
      expect(seen().slice(0, 26)).toEqual([...range(1000, 1025), 120]);
    });

    it('lets the two take turns batch by batch where the other has more', async () => {
      const { dispatcher, worker, seen } = await wellUnderWay();
      void dispatcher.submit(texts(...range(1000, 1100)), { lane: 'bulk', group: 'b' });
      await finishAll(worker);
      const ofB = (from: number): number =>
        seen()
          .slice(from, from + 20)
          .filter((id) => id >= 1000).length;
      expect([60, 80, 100, 120].map(ofB)).toEqual([10, 10, 10, 10]);
      expect(Math.max(...seen().slice(0, 40))).toBe(1039);
    });
  });

  it('puts no text of one group into a batch of another', async () => {
    const dispatcher = new Dispatcher(limits);
    const worker = new FakeWorker();
    void dispatcher.submit(texts(1, 2), { lane: 'bulk', group: 'a' });
    void dispatcher.submit(texts(3), { lane: 'bulk', group: 'b' });
    dispatcher.attach(worker);
    const inHand = (): (number | undefined)[][] =>
      worker.batches.map((batch) => batch.texts.map(([id]) => id));
    expect(inHand()).toEqual([[1, 2]]);
    worker.finish();
    await setImmediate();
    expect(inHand()).toEqual([[3]]);
  });

  it('keeps half of what may wait for others, but takes one large request of anybody', async () => {
    const dispatcher = new Dispatcher(limits);
    void dispatcher.submit([text(1, 300)], { lane: 'bulk', group: 'a' });
    const more = dispatcher.submit([text(2, 300)], { lane: 'bulk', group: 'a' });
    await expect(codeOf(more)).resolves.toBe('queue_full');
    void dispatcher.submit([text(3, 700)], { lane: 'bulk', group: 'b' });
    expect(dispatcher.waitingTokens).toBe(1000);
    expect(() => dispatcher.admit({ lane: 'bulk', group: 'c' }, 1)).toThrow();
    expect(() => dispatcher.admit({ lane: 'interactive', group: 'a' }, 1)).not.toThrow();
  });

  it('gives a worker that is kept for queries no bulk work', async () => {
    const dispatcher = new Dispatcher(limits);
    const [bulk, query] = [new FakeWorker('everything'), new FakeWorker('interactive')];
    dispatcher.attach(bulk);
    dispatcher.attach(query);
    void dispatcher.submit(texts(...range(0, 60)), { lane: 'bulk' });
    void dispatcher.submit(texts(99), { lane: 'interactive' });
    expect(query.seen).toEqual([99]);
    await finishAll(bulk, query);
    expect(query.seen).toEqual([99]);
  });

  it('refuses what does not fit with the seconds until it will', async () => {
    let now = 0;
    const dispatcher = new Dispatcher(limits, () => now);
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    const first = dispatcher.submit([text(1, 100)], { lane: 'bulk' });
    now = 1000; // 100 tokens a second
    worker.finish();
    await Promise.all([first, setImmediate()]);
    void dispatcher.submit([text(2, 100), text(3, 100)], { lane: 'bulk' });
    void dispatcher.submit([text(4, 1000)], { lane: 'bulk' });
    await expect(dispatcher.submit([text(5, 250)], { lane: 'bulk' })).rejects.toMatchObject({
      code: 'queue_full',
      retryAfter: 3,
    });
    const single = { code: 'queue_full', retryAfter: 4 };
    await expect(dispatcher.submit([text(5, 60)], { lane: 'bulk' })).rejects.toMatchObject(single);
    await expect(dispatcher.submit([text(5, 60)], { lane: 'bulk' })).rejects.toMatchObject(single);
    await expect(codeOf(dispatcher.submit([text(6, 1001)], { lane: 'bulk' }))).resolves.toBe(
      'input_too_long',
    );
    expect(dispatcher.admit({ lane: 'interactive' }, 1000)).toBeUndefined();
  });

  it('forgets the waiting texts of a caller who went away', async () => {
    const dispatcher = new Dispatcher(limits);
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    void dispatcher.submit([text(1, 100), text(2, 100)], { lane: 'bulk' });
    const caller = new AbortController();
    const answer = codeOf(dispatcher.submit(texts(3, 4), { lane: 'bulk' }, caller.signal));
    caller.abort();
    expect(await answer).toBe('cancelled');
    expect(dispatcher.waitingTokens).toBe(0);
    await finishAll(worker);
    expect(worker.seen).toEqual([1, 2]);
  });

  it('answers everything that waits when it is told to refuse, and works again once there is a worker', async () => {
    const dispatcher = new Dispatcher(limits);
    const waiting = codeOf(dispatcher.submit(texts(1), { lane: 'bulk' }));
    dispatcher.refuse(new MillraceError('dependency_unavailable'));
    expect(await waiting).toBe('dependency_unavailable');
    expect(await codeOf(dispatcher.submit(texts(2), { lane: 'bulk' }))).toBe('dependency_unavailable');
    const worker = new FakeWorker();
    dispatcher.attach(worker);
    const answer = codeOf(dispatcher.submit(texts(3), { lane: 'bulk' }));
    await finishAll(worker);
    expect(await answer).toBe('answered');
  });
});
