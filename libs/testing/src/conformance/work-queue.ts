import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { Job, NewJob, QueueDepth, WorkOptions, WorkQueue } from '@millrace/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPatienceMs, unique, until, type DurableHarness } from './harness.ts';

/** Clocks and timers may be this much apart. */
const slackMs = 20;

/** Holds an adapter to every promise of `WorkQueue`. */
export function workQueueConformance(name: string, factory: () => Promise<DurableHarness<WorkQueue>>): void {
  describe(`${name} as a work queue`, () => {
    let harness: DurableHarness<WorkQueue>;
    let jobs: WorkQueue;
    let queue: string;
    let patience: number;

    beforeEach(async () => {
      harness = await factory();
      patience = harness.patienceMs ?? defaultPatienceMs;
      jobs = await harness.open();
      queue = unique('queue');
    });
    afterEach(() => harness.dispose());

    /** Runs jobs and lists them as they start. */
    const collect = async (options: Partial<WorkOptions> = {}, from = queue): Promise<Job[]> => {
      const seen: Job[] = [];
      const inner = options.handler ?? (() => Promise.resolve());
      const handler: WorkOptions['handler'] = (job, signal) => {
        seen.push(job);
        return inner(job, signal);
      };
      await jobs.work(from, working({ ...options, handler }));
      return seen;
    };
    const sawAll = (seen: readonly Job[], ids: readonly string[]): Promise<void> =>
      until(() => expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(ids)), patience);
    const reachesDepth = (depth: Partial<QueueDepth>): Promise<void> =>
      until(async () => expect(await jobs.depth(queue)).toMatchObject(depth), patience);
    const empties = (): Promise<void> => reachesDepth({ runnable: 0, inflight: 0, delayed: 0 });

    describe('enqueueing', () => {
      it('hands the job over as it was given, as a first attempt', async () => {
        const before = Date.now();
        const data = { text: 'käse \u0000 🧀', list: [1, null, { deep: true }] };
        expect(await jobs.enqueue(queue, [{ id: 'one', data, headers: { trace: 'ü1' } }])).toBe(1);
        const seen = await collect();
        await sawAll(seen, ['one']);
        expect(seen[0]).toMatchObject({
          id: 'one',
          data,
          lane: 'bulk',
          headers: { trace: 'ü1' },
          attempt: 1,
          deaths: 0,
          run: 1,
        });
        expect(seen[0]!.enqueuedAt).toBeGreaterThanOrEqual(before - slackMs);
        expect(seen[0]!.enqueuedAt).toBeLessThanOrEqual(Date.now() + slackMs);
        await empties();
      });

      it('takes ids of any characters', async () => {
        const ids = ['acme/hand:book@3', 'a b', 'über/🧀', '0', '__proto__'];
        await jobs.enqueue(queue, ids.map(job));
        await sawAll(await collect(), ids);
      });

      it('keeps one of several jobs with the same id in one call', async () => {
        expect(await jobs.enqueue(queue, [job('a'), job('a'), job('b')])).toBe(2);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 2 });
      });

      it('adds no job whose id is waiting, delayed or running, and keeps the first one’s data', async () => {
        await jobs.enqueue(queue, [{ id: 'waiting', data: 1 }]);
        await jobs.enqueue(queue, [{ id: 'delayed', data: 1, delayMs: 60_000 }]);
        expect(await jobs.enqueue(queue, [{ id: 'waiting', data: 2 }])).toBe(0);
        expect(await jobs.enqueue(queue, [{ id: 'delayed', data: 2 }])).toBe(0);
        const release = Promise.withResolvers<void>();
        const seen = await collect({ handler: () => release.promise });
        await sawAll(seen, ['waiting']);
        expect(await jobs.enqueue(queue, [{ id: 'waiting', data: 3 }])).toBe(0);
        expect(seen[0]!.data).toBe(1);
        release.resolve();
        await reachesDepth({ runnable: 0, inflight: 0, delayed: 1 });
      });

      it('adds a job again once the one with its id is done', async () => {
        await jobs.enqueue(queue, [job('a')]);
        const seen = await collect();
        await empties();
        expect(await jobs.enqueue(queue, [job('a')])).toBe(1);
        await until(() => expect(seen).toHaveLength(2), patience);
      });

      it('keeps what many callers enqueue at once', async () => {
        const ids = Array.from({ length: 300 }, (_, index) => `job${index}`);
        const seen = await collect({ concurrency: 10 });
        const added = await Promise.all(ids.map((id) => jobs.enqueue(queue, [job(id)])));
        expect(added).toEqual(ids.map(() => 1));
        await sawAll(seen, ids);
        await empties();
      });

      it('keeps queues apart', async () => {
        const other = unique('other');
        await jobs.enqueue(queue, [job('same')]);
        expect(await jobs.enqueue(other, [job('same')])).toBe(1);
        const seen = await collect({}, other);
        await sawAll(seen, ['same']);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 0 });
      });
    });

    describe('order and time', () => {
      it('does not start a delayed job before its time, and then starts it', async () => {
        const seen = await collect();
        const before = Date.now();
        await jobs.enqueue(queue, [{ id: 'later', data: null, delayMs: 600 }]);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 0, delayed: 1 });
        await sawAll(seen, ['later']);
        expect(Date.now() - before).toBeGreaterThanOrEqual(600 - slackMs);
      });

      it('starts a job that is due sooner than those already delayed', async () => {
        const seen = await collect();
        await jobs.enqueue(queue, [{ id: 'late', data: null, delayMs: 60_000 }]);
        await jobs.enqueue(queue, [{ id: 'soon', data: null, delayMs: 100 }]);
        await sawAll(seen, ['soon']);
      });

      it('takes interactive jobs before bulk ones', async () => {
        await jobs.enqueue(queue, [job('bulk1'), job('bulk2'), { ...job('quick1'), lane: 'interactive' }]);
        const release = Promise.withResolvers<void>();
        const handler = ({ id }: Job) => (id === 'quick1' ? release.promise : Promise.resolve());
        const seen = await collect({ concurrency: 1, handler });
        await sawAll(seen, ['quick1']);
        await jobs.enqueue(queue, [{ ...job('quick2'), lane: 'interactive' }]);
        release.resolve();
        await sawAll(seen, ['quick1', 'quick2', 'bulk1', 'bulk2']);
        expect(seen.slice(0, 2).map(({ id, lane }) => [id, lane])).toEqual([
          ['quick1', 'interactive'],
          ['quick2', 'interactive'],
        ]);
      });

      it('runs as many jobs at a time as allowed, and no more', async () => {
        let [running, most] = [0, 0];
        const handler = async () => {
          most = Math.max(most, ++running);
          await pause(20);
          running--;
        };
        const ids = Array.from({ length: 12 }, (_, index) => `${index}`);
        await jobs.enqueue(queue, ids.map(job));
        await sawAll(await collect({ concurrency: 3, handler }), ids);
        await empties();
        expect(most).toBe(3);
      });

      it('wakes an idle worker at once', async () => {
        const seen = await collect();
        await jobs.enqueue(queue, [job('warm')]);
        await sawAll(seen, ['warm']);
        const before = performance.now();
        await jobs.enqueue(queue, [job('now')]);
        await sawAll(seen, ['warm', 'now']);
        expect(performance.now() - before).toBeLessThan(2_000);
      });
    });

    describe('groups', () => {
      /** Ids in the order in which one worker runs them, one at a time. */
      const runInOrder = async (count: number): Promise<string[]> => {
        const seen = await collect({ concurrency: 1 });
        await until(() => expect(seen).toHaveLength(count), patience);
        return seen.map(({ id }) => id);
      };
      const of = (group: string, count: number, more: Partial<NewJob> = {}): NewJob[] =>
        Array.from({ length: count }, (_, n) => ({ ...job(`${group}${n}`), group, ...more }));

      it('take turns, however many jobs one has waiting, each group’s in their order', async () => {
        await jobs.enqueue(queue, of('a', 30));
        await jobs.enqueue(queue, of('b', 3));
        const order = await runInOrder(33);
        const place = (id: string): number => order.indexOf(id);
        expect([place('b0'), place('b1'), place('b2')].map((at, n) => at <= 2 * n + 2)).toEqual([
          true,
          true,
          true,
        ]);
        for (const group of ['a', 'b'])
          expect(order.filter((id) => id.startsWith(group))).toEqual(
            of(group, group === 'a' ? 30 : 3).map(({ id }) => id),
          );
      });

      it('get the same cost done, not the same number', async () => {
        await jobs.enqueue(queue, of('big', 10, { cost: 10 }));
        await jobs.enqueue(queue, of('small', 40, { cost: 1 }));
        const order = await runInOrder(50);
        const smallBefore = (id: string): number =>
          order.slice(0, order.indexOf(id)).filter((other) => other.startsWith('small')).length;
        for (const n of [2, 3]) {
          expect(smallBefore(`big${n}`)).toBeGreaterThanOrEqual(10 * (n - 1));
          expect(smallBefore(`big${n}`)).toBeLessThanOrEqual(10 * (n + 1));
        }
      });

      it('that come late or come back get their turn at once, and no more than it', async () => {
        const arrived = Promise.withResolvers<void>();
        const release = Promise.withResolvers<void>();
        let started = 0;
        const handler = async (): Promise<void> => {
          if (++started !== 50) return;
          arrived.resolve();
          await release.promise;
        };
        await jobs.enqueue(queue, [...of('a', 100), ...of('b', 1)]);
        const seen = await collect({ concurrency: 1, handler });
        await arrived.promise;
        await jobs.enqueue(queue, [
          ...of('late', 10),
          ...Array.from({ length: 10 }, (_, n) => ({ ...job(`b${n + 1}`), group: 'b' })),
        ]);
        release.resolve();
        await until(() => expect(seen).toHaveLength(121), patience);
        const groups = seen.map(({ id }) => id.replace(/\d+$/, ''));
        for (const group of ['late', 'b', 'a'])
          for (const length of [6, 12, 24]) {
            const got = groups.slice(50, 50 + length).filter((other) => other === group).length;
            expect(Math.abs(got - length / 3)).toBeLessThanOrEqual(2);
          }
      });

      it('pay for retries, too', async () => {
        const onFailure = async () => ({ action: 'retry', delayMs: 0 }) as const;
        const handler = ({ id, attempt }: Job): Promise<void> =>
          id.startsWith('bad') && attempt < 5 ? Promise.reject(new Error('no')) : Promise.resolve();
        await jobs.enqueue(queue, [...of('bad', 5), ...of('good', 20)]);
        const seen = await collect({ concurrency: 1, handler, onFailure });
        await until(() => expect(seen).toHaveLength(45), patience);
        const lastGood = seen.findLastIndex(({ id }) => id.startsWith('good'));
        expect(lastGood).toBeLessThanOrEqual(42);
        expect(lastGood).toBeGreaterThanOrEqual(30);
      });

      it('without a name are one like the others', async () => {
        await jobs.enqueue(
          queue,
          Array.from({ length: 30 }, (_, n) => job(`none${n}`)),
        );
        await jobs.enqueue(queue, of('b', 2));
        const order = await runInOrder(32);
        expect(order.indexOf('b1')).toBeLessThanOrEqual(5);
      });

      it('that have none running find a spare place when long jobs of another hold all others', async () => {
        const release = Promise.withResolvers<void>();
        const handler = ({ id }: Job): Promise<void> =>
          id.startsWith('a') ? release.promise : Promise.resolve();
        await jobs.enqueue(queue, of('a', 10));
        const seen = await collect({ concurrency: 2, spare: 1, handler });
        await reachesDepth({ runnable: 8, inflight: 2 });
        await jobs.enqueue(queue, of('b', 3));
        await sawAll(seen, ['a0', 'a1', 'b0', 'b1', 'b2']);
        await reachesDepth({ runnable: 8, inflight: 2 });
        await jobs.enqueue(queue, [{ ...job('c0'), group: 'c', delayMs: 200 }]);
        await sawAll(seen, ['a0', 'a1', 'b0', 'b1', 'b2', 'c0']);
        release.resolve();
        await empties();
      });

      it('use a spare place for one job at a time', async () => {
        const release = Promise.withResolvers<void>();
        let [running, most] = [0, 0];
        const handler = async ({ id }: Job): Promise<void> => {
          if (id.startsWith('a')) return release.promise;
          most = Math.max(most, ++running);
          await pause(20);
          running--;
        };
        await jobs.enqueue(queue, of('a', 2));
        await collect({ concurrency: 2, spare: 2, handler });
        await reachesDepth({ runnable: 0, inflight: 2 });
        await jobs.enqueue(queue, of('b', 5));
        await reachesDepth({ runnable: 0, inflight: 2 });
        expect(most).toBe(1);
        release.resolve();
        await empties();
      });
    });

    describe('failing', () => {
      it('asks what to do about each failure and counts the attempts', async () => {
        const failures: [number, string][] = [];
        const onFailure: WorkOptions['onFailure'] = async ({ attempt }, error) => {
          failures.push([attempt, (error as Error).message]);
          return { action: 'retry', delayMs: 0 };
        };
        const handler = ({ attempt }: Job) =>
          attempt < 3 ? Promise.reject(new Error(`failure ${attempt}`)) : Promise.resolve();
        await jobs.enqueue(queue, [job('a')]);
        const seen = await collect({ handler, onFailure });
        await until(() => expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]), patience);
        await empties();
        expect(failures).toEqual([
          [1, 'failure 1'],
          [2, 'failure 2'],
        ]);
        expect(new Set(seen.map(({ enqueuedAt }) => enqueuedAt)).size).toBe(1);
      });

      it('waits before a retry as long as decided, and knows the id meanwhile', async () => {
        const started: number[] = [];
        const handler = (): Promise<void> => {
          started.push(Date.now());
          return started.length === 1 ? Promise.reject(new Error('once')) : Promise.resolve();
        };
        const onFailure = async () => ({ action: 'retry', delayMs: 600 }) as const;
        await jobs.enqueue(queue, [job('a')]);
        await collect({ handler, onFailure });
        await reachesDepth({ runnable: 0, inflight: 0, delayed: 1 });
        expect(await jobs.enqueue(queue, [job('a')])).toBe(0);
        await until(() => expect(started).toHaveLength(2), patience);
        expect(started[1]! - started[0]!).toBeGreaterThanOrEqual(600 - slackMs);
      });

      it('forgets a discarded job', async () => {
        await jobs.enqueue(queue, [job('a')]);
        const seen = await collect({ handler: () => Promise.reject(new Error('never')) });
        await sawAll(seen, ['a']);
        await empties();
        expect(seen).toHaveLength(1);
        expect(await jobs.enqueue(queue, [job('a')])).toBe(1);
      });

      it('loses nothing when the decision itself fails', async () => {
        let decisions = 0;
        const onFailure: WorkOptions['onFailure'] = async () => {
          if (decisions++ === 0) throw new Error('dead letters are down');
          return { action: 'discard' };
        };
        await jobs.enqueue(queue, [job('a')]);
        const seen = await collect({ handler: () => Promise.reject(new Error('no')), onFailure });
        await until(() => expect(decisions).toBe(2), patience);
        await empties();
        expect(seen.map(({ attempt, run }) => [attempt, run])).toEqual([
          [1, 1],
          [1, 2],
        ]);
      });

      it('counts no attempt when a job was to wait, and counts on after it', async () => {
        const actions = ['wait', 'wait', 'retry', 'wait'] as const;
        const onFailure: WorkOptions['onFailure'] = async ({ run }) => ({
          action: actions[run - 1]!,
          delayMs: 5,
        });
        const handler = ({ run }: Job) =>
          run <= actions.length ? Promise.reject(new Error()) : Promise.resolve();
        await jobs.enqueue(queue, [job('a')]);
        const seen = await collect({ handler, onFailure });
        await until(() => expect(seen.map(({ run }) => run)).toEqual([1, 2, 3, 4, 5]), patience);
        await empties();
        expect(seen.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 2, 2]);
      });

      it('waits before a job that was to wait comes again, and knows the id meanwhile', async () => {
        const onFailure = async () => ({ action: 'wait', delayMs: 60_000 }) as const;
        await jobs.enqueue(queue, [job('a')]);
        await collect({ handler: () => Promise.reject(new Error('away')), onFailure });
        await reachesDepth({ runnable: 0, inflight: 0, delayed: 1 });
        expect(await jobs.enqueue(queue, [job('a')])).toBe(0);
      });
    });

    describe('dying', () => {
      it('keeps what it acknowledged although it is killed at once', async () => {
        await jobs.enqueue(queue, [job('a'), { ...job('b'), delayMs: 300 }]);
        await harness.kill(jobs);
        jobs = await harness.open();
        await sawAll(await collect(), ['a', 'b']);
      });

      it('gives the job of a killed worker out again, the death counted and no attempt', async () => {
        await jobs.enqueue(queue, [job('a')]);
        const stuck = { handler: () => new Promise<void>(() => undefined), leaseMs: 1_000 };
        await sawAll(await collect(stuck), ['a']);
        await harness.kill(jobs);
        jobs = await harness.open();
        expect(await jobs.enqueue(queue, [job('a')])).toBe(0);
        const seen = await collect({ leaseMs: 1_000 });
        await until(() => expect(seen).toHaveLength(1), patience);
        expect(seen).toMatchObject([{ attempt: 1, deaths: 1, run: 2 }]);
        await empties();
      });

      it('leaves a job to its worker for as long as the handler runs', async () => {
        await jobs.enqueue(queue, [job('long')]);
        const options = { leaseMs: 500, handler: () => pause(2_500) };
        const one = await collect(options);
        const other = await collect(options);
        await empties();
        expect([...one, ...other]).toHaveLength(1);
      });
    });

    describe('closing a worker', () => {
      it('waits for running jobs within the budget', async () => {
        const release = Promise.withResolvers<void>();
        const started = Promise.withResolvers<AbortSignal>();
        const handler: WorkOptions['handler'] = (_job, signal) => {
          started.resolve(signal);
          return release.promise;
        };
        await jobs.enqueue(queue, [job('a'), job('b')]);
        const worker = await jobs.work(queue, working({ concurrency: 1, handler }));
        const signal = await started.promise;
        let closed = false;
        const closing = worker.close(60_000).then(() => (closed = true));
        await reachesDepth({ runnable: 1, inflight: 1 });
        expect([closed, signal.aborted]).toEqual([false, false]);
        release.resolve();
        await closing;
        expect(signal.aborted).toBe(false);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 0 });
      });

      it('hands back what outlasts the budget, without counting an attempt', async () => {
        const started = Promise.withResolvers<AbortSignal>();
        const handler: WorkOptions['handler'] = (_job, signal) => {
          started.resolve(signal);
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('stopped')));
          });
        };
        let failures = 0;
        const onFailure: WorkOptions['onFailure'] = async () => {
          failures++;
          return { action: 'discard' };
        };
        await jobs.enqueue(queue, [job('a')]);
        const worker = await jobs.work(queue, working({ handler, onFailure }));
        const signal = await started.promise;
        const before = Date.now();
        await worker.close(300);
        expect(Date.now() - before).toBeGreaterThanOrEqual(300 - slackMs);
        expect(signal.aborted).toBe(true);
        const seen = await collect();
        await until(() => expect(seen.map(({ id, attempt }) => [id, attempt])).toEqual([['a', 1]]), patience);
        await empties();
        expect(failures).toBe(0);
      });

      it('hands back what ignores the signal', async () => {
        const started = Promise.withResolvers<void>();
        const release = Promise.withResolvers<void>();
        const handler = (): Promise<void> => {
          started.resolve();
          return release.promise;
        };
        await jobs.enqueue(queue, [job('a')]);
        const worker = await jobs.work(queue, working({ handler }));
        await started.promise;
        await worker.close(50);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 0 });
        release.resolve();
        await sawAll(await collect(), ['a']);
        await empties();
      });

      it('leaves the queue to the other workers', async () => {
        const seen: Job[] = [];
        const worker = await jobs.work(queue, working({ handler: async (one) => void seen.push(one) }));
        await worker.close(1_000);
        const others = await collect();
        await jobs.enqueue(queue, [job('a'), job('b')]);
        await sawAll(others, ['a', 'b']);
        expect(seen).toEqual([]);
      });
    });

    describe('looking at a queue', () => {
      it('counts what is runnable, running and delayed', async () => {
        const empty = { runnable: 0, inflight: 0, delayed: 0, oldestAgeMs: 0 };
        expect(await jobs.depth(queue)).toEqual(empty);
        await jobs.enqueue(queue, [...['a', 'b', 'c'].map(job), { ...job('d'), delayMs: 60_000 }]);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 3, inflight: 0, delayed: 1 });
        const release = Promise.withResolvers<void>();
        await collect({ concurrency: 2, handler: () => release.promise });
        await reachesDepth({ runnable: 1, inflight: 2, delayed: 1 });
        release.resolve();
        await until(async () => expect(await jobs.depth(queue)).toEqual({ ...empty, delayed: 1 }), patience);
      });

      it('counts a delayed job as runnable once it is due, although nobody works', async () => {
        await jobs.enqueue(queue, [{ ...job('a'), delayMs: 200 }]);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 0, delayed: 1 });
        await reachesDepth({ runnable: 1, delayed: 0 });
      });

      it('tells how long the oldest runnable job has waited', async () => {
        const before = Date.now();
        await jobs.enqueue(queue, [job('old')]);
        await until(async () => expect((await jobs.depth(queue)).oldestAgeMs).toBeGreaterThan(300), patience);
        await jobs.enqueue(queue, [job('young')]);
        const { oldestAgeMs } = await jobs.depth(queue);
        expect(oldestAgeMs).toBeGreaterThan(300);
        expect(oldestAgeMs).toBeLessThanOrEqual(Date.now() - before + slackMs);
      });

      it('removes waiting and delayed jobs, and leaves running ones to end', async () => {
        await jobs.enqueue(queue, [job('running')]);
        const release = Promise.withResolvers<void>();
        const seen = await collect({ concurrency: 1, handler: () => release.promise });
        await sawAll(seen, ['running']);
        await jobs.enqueue(queue, [job('waiting'), job('kept'), { ...job('delayed'), delayMs: 60_000 }]);
        expect(await jobs.remove(queue, ['waiting', 'delayed', 'running', 'unknown'])).toBe(2);
        expect(await jobs.depth(queue)).toMatchObject({ runnable: 1, inflight: 1, delayed: 0 });
        release.resolve();
        await sawAll(seen, ['running', 'kept']);
        await empties();
      });

      it('is healthy while open, and refuses calls once closed', async () => {
        expect(await jobs.healthy()).toBe(true);
        await jobs.close();
        expect(await jobs.healthy()).toBe(false);
        await expect(jobs.enqueue(queue, [job('a')])).rejects.toThrow(MillraceError);
        await expect(jobs.work(queue, working({}))).rejects.toThrow(MillraceError);
      });
    });
  });
}

const job = (id: string): NewJob => ({ id, data: { id } });

const working = (options: Partial<WorkOptions>): WorkOptions => ({
  concurrency: 4,
  leaseMs: 5_000,
  handler: () => Promise.resolve(),
  onFailure: async () => ({ action: 'discard' }),
  ...options,
});
