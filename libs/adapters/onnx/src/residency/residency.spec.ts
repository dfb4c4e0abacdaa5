import { setImmediate } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeModel } from '../testing/fake-model.ts';
import { Residency } from './residency.ts';
import type { UseOptions } from './waiter.ts';

const options = { budgetBytes: 100, idleMs: 60_000, waitMs: 5_000 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything happen that waits for nothing but its turn. */
const settle = () => setImmediate();
const pass = async (millis: number): Promise<void> => {
  vi.advanceTimersByTime(millis);
  await settle();
};

/** Uses a model until told that the work is done; loading it is done at once unless the model is slow. */
function use(residency: Residency, model: FakeModel, options?: UseOptions) {
  const work = Promise.withResolvers<void>();
  const answer = residency
    .use(model.place, (resident) => resident.during(work.promise), options)
    .then(
      () => 'done',
      (error: unknown) => MillraceError.from(error).code,
    );
  return { finish: work.resolve, answer };
}

describe('Residency', () => {
  it('loads what is asked for once, and keeps it for the next', async () => {
    const residency = new Residency(options);
    const model = new FakeModel(60);
    const [first, second] = [use(residency, model), use(residency, model)];
    await settle();
    first.finish();
    second.finish();
    expect(await Promise.all([first.answer, second.answer])).toEqual(['done', 'done']);
    expect([model.place.loads, residency.bytes]).toEqual([1, 60]);
  });

  it('lets go of what has had no work for a while', async () => {
    const residency = new Residency(options);
    const model = new FakeModel(60);
    const first = use(residency, model);
    await pass(120_000);
    first.finish();
    await settle();
    await pass(59_000);
    const second = use(residency, model);
    second.finish();
    await settle();
    await pass(59_000);
    expect(residency.bytes).toBe(60);
    await pass(1_000);
    expect([residency.bytes, model.place.unloads, model.place.evictions]).toEqual([0, 1, 0]);
  });

  it('keeps what has work, however long it takes', async () => {
    const residency = new Residency(options);
    const model = new FakeModel(60);
    const short = use(residency, model);
    short.finish();
    await short.answer;
    const long = use(residency, model);
    await pass(120_000);
    expect([residency.bytes, model.closedAtWork]).toEqual([60, 0]);
    long.finish();
    expect(await long.answer).toBe('done');
  });

  it('loads again what is leaving, once it has left', async () => {
    const residency = new Residency(options);
    const model = new FakeModel(60, { slow: true });
    const first = use(residency, model);
    model.finishLoading();
    first.finish();
    await first.answer;
    await pass(60_000);
    const again = use(residency, model);
    await settle();
    expect([model.place.isLeaving, model.place.resident]).toEqual([true, undefined]);
    model.finishClosing();
    await settle();
    model.finishLoading();
    again.finish();
    expect([await again.answer, model.place.loads]).toEqual(['done', 2]);
  });

  it('makes room by what was used longest ago, and no more of it than it needs', async () => {
    const residency = new Residency(options);
    const [a, b, c] = [new FakeModel(40), new FakeModel(40), new FakeModel(50)];
    for (const model of [b, a, b]) {
      const used = use(residency, model);
      used.finish();
      await used.answer;
    }
    const used = use(residency, c);
    used.finish();
    expect(await used.answer).toBe('done');
    expect([a, b, c].map(({ place }) => place.evictions)).toEqual([1, 0, 0]);
    expect(residency.bytes).toBe(90);
  });

  it('lets nothing go in vain: what would not be enough stays', async () => {
    const residency = new Residency(options);
    const [busy, idle, large] = [new FakeModel(60), new FakeModel(30), new FakeModel(80)];
    const [working, short] = [use(residency, busy), use(residency, idle)];
    short.finish();
    await short.answer;
    const waiting = use(residency, large);
    await pass(5_000);
    expect(await waiting.answer).toBe('queue_full');
    expect(idle.place.evictions).toBe(0);
    working.finish();
    expect(await working.answer).toBe('done');
  });

  it('never lets go of what has work; who needs the memory waits for it, and is told when to come back', async () => {
    const residency = new Residency(options);
    const [busy, other] = [new FakeModel(60), new FakeModel(60)];
    const working = use(residency, busy);
    const patient = use(residency, other);
    await pass(4_999);
    expect([other.place.loads, busy.place.unloads]).toEqual([0, 0]);
    working.finish();
    await settle();
    patient.finish();
    expect(await patient.answer).toBe('done');
    const again = use(residency, other);
    const refused = residency.use(busy.place, async () => undefined);
    const told = expect(refused).rejects.toMatchObject({ code: 'queue_full', retryAfter: 5 });
    await pass(5_000);
    await told;
    again.finish();
    expect(await again.answer).toBe('done');
  });

  it('does not load into memory that is not free yet', async () => {
    const residency = new Residency(options);
    const [first, second] = [new FakeModel(60, { slow: true }), new FakeModel(60)];
    const used = use(residency, first);
    first.finishLoading();
    used.finish();
    await used.answer;
    const next = use(residency, second);
    await settle();
    const back = use(residency, first);
    await settle();
    expect([first.place.isLeaving, second.place.resident]).toEqual([true, undefined]);
    first.finishClosing();
    await settle();
    next.finish();
    expect(await next.answer).toBe('done');
    await settle();
    first.finishLoading();
    back.finish();
    expect(await back.answer).toBe('done');
    expect([first.place.loads, second.place.evictions]).toEqual([2, 1]);
  });

  it('lets nothing go for what those that are leaving make room for', async () => {
    const residency = new Residency(options);
    const [leaving, resting] = [new FakeModel(60, { slow: true }), new FakeModel(30)];
    for (const model of [leaving, resting]) {
      const used = use(residency, model);
      model.finishLoading();
      used.finish();
      await used.answer;
    }
    const other = new FakeModel(40);
    const both = [use(residency, other), use(residency, other)];
    await settle();
    leaving.finishClosing();
    for (const { finish } of both) finish();
    await Promise.all(both.map(({ answer }) => answer));
    expect([leaving, resting].map(({ place }) => place.evictions)).toEqual([1, 0]);
  });

  it('lets the next go on when the one before gives up', async () => {
    const residency = new Residency(options);
    const working = use(residency, new FakeModel(60));
    const large = use(residency, new FakeModel(60));
    await pass(2_000);
    const small = use(residency, new FakeModel(30));
    await pass(2_999);
    small.finish();
    await pass(1);
    expect([await large.answer, await small.answer]).toEqual(['queue_full', 'done']);
    working.finish();
  });

  it('says at once that something never fits, whatever else waits', async () => {
    const residency = new Residency(options);
    use(residency, new FakeModel(60));
    use(residency, new FakeModel(60));
    const large = residency.use(new FakeModel(1_000_000_000).place, async () => undefined);
    await expect(large).rejects.toMatchObject({
      code: 'model_too_large',
      detail: '1000 MB, and there are 1',
    });
  });

  it('takes something at its measure: what has grown beyond the budget goes when its work is done', async () => {
    const residency = new Residency(options);
    const [model, other] = [new FakeModel(40), new FakeModel(40)];
    const resting = use(residency, other);
    resting.finish();
    await resting.answer;
    const working = use(residency, model);
    await settle();
    model.bytes = 70;
    working.finish();
    expect(await working.answer).toBe('done');
    await settle();
    expect([model.place.evictions, other.place.evictions, residency.bytes]).toEqual([0, 1, 70]);
  });

  it('loads what is required whatever room there is, and lets it go for nobody', async () => {
    const residency = new Residency(options);
    const [serving, other] = [new FakeModel(150), new FakeModel(90)];
    expect(await use(residency, serving).answer).toBe('model_too_large');
    residency.keep(serving.place, true, true);
    for (const model of [serving, other, serving]) {
      const { answer, finish } = use(residency, model);
      finish();
      expect(await answer).toBe('done');
    }
    await pass(30_000);
    expect([serving.place.loads, other.place.loads, residency.bytes]).toEqual([1, 1, 90]);
    residency.keep(serving.place, false);
    await pass(options.idleMs + 1);
    expect([serving.place.unloads, residency.bytes]).toEqual([1, 0]);
  });

  it('tells everybody who waits for it that something cannot be loaded, and tries again for the next', async () => {
    const residency = new Residency(options);
    const model = new FakeModel(40, { slow: true });
    const both = [use(residency, model), use(residency, model)];
    model.failLoading(new MillraceError('models_missing'));
    expect(await Promise.all(both.map(({ answer }) => answer))).toEqual(['models_missing', 'models_missing']);
    expect(residency.bytes).toBe(0);
    const next = use(residency, model);
    model.finishLoading();
    next.finish();
    expect(await next.answer).toBe('done');
  });

  it('forgets who went away while it waited', async () => {
    const residency = new Residency(options);
    const [busy, other] = [new FakeModel(60), new FakeModel(60)];
    const working = use(residency, busy);
    const caller = new AbortController();
    const waiting = use(residency, other, caller);
    await settle();
    caller.abort();
    expect(await waiting.answer).toBe('cancelled');
    working.finish();
    await settle();
    expect(other.place.loads).toBe(0);
  });

  it('lets only so many wait', async () => {
    const residency = new Residency(options);
    const working = use(residency, new FakeModel(60));
    const other = new FakeModel(60);
    const waiting = Array.from({ length: 64 }, () => use(residency, other));
    expect(await use(residency, other).answer).toBe('queue_full');
    working.finish();
    await settle();
    for (const { finish } of waiting) finish();
    expect(new Set(await Promise.all(waiting.map(({ answer }) => answer)))).toEqual(new Set(['done']));
  });

  it('keeps half of the places to wait in for others', async () => {
    const residency = new Residency(options);
    const working = use(residency, new FakeModel(60));
    const other = new FakeModel(60);
    const ask = (group: string) => use(residency, other, { group });
    const waiting = Array.from({ length: 32 }, () => ask('a'));
    expect(await ask('a').answer).toBe('queue_full');
    waiting.push(ask('b'));
    working.finish();
    await settle();
    for (const { finish } of waiting) finish();
    expect(new Set(await Promise.all(waiting.map(({ answer }) => answer)))).toEqual(new Set(['done']));
  });

  it('closes what is there, refuses what waits, and takes nothing more', async () => {
    const residency = new Residency(options);
    const model = new FakeModel(60);
    const working = use(residency, model);
    const waiting = [60, 30].map((bytes) => use(residency, new FakeModel(bytes)));
    await settle();
    const closed = residency.close();
    expect(await Promise.all(waiting.map(({ answer }) => answer))).toEqual(Array(2).fill('shutting_down'));
    expect(await use(residency, model).answer).toBe('shutting_down');
    working.finish();
    await closed;
    expect(await working.answer).toBe('done');
    expect(residency.bytes).toBe(0);
  });
});

type Step =
  | { readonly do: 'ask' | 'loaded' | 'not loaded' | 'closed'; readonly which: number }
  | { readonly do: 'finish' | 'cancel'; readonly which: number }
  | { readonly do: 'wait'; readonly millis: number };

const ofModels = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), which: ofModels }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('loaded' as const, 'closed' as const), which: ofModels }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('not loaded' as const), which: ofModels }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('finish' as const), which: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(60) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), millis: fc.constantFrom(100, 2_000, 61_000) }),
  },
);

/** Four models of which two fit at a time, and a record of who asked for which. */
class Mill {
  readonly residency = new Residency(options);
  readonly models = [30, 40, 50, 60].map((bytes) => new FakeModel(bytes, { slow: true }));
  readonly asked: (ReturnType<typeof use> & { caller: AbortController; answers: string[] })[] = [];

  async take(step: Step): Promise<void> {
    if (step.do === 'wait') return pass(step.millis);
    if (step.do === 'ask') this.ask(this.models[step.which]!);
    else if (step.do === 'finish') this.one(step.which)?.finish();
    else if (step.do === 'cancel') this.one(step.which)?.caller.abort();
    else if (step.do === 'loaded') this.models[step.which]!.finishLoading();
    else if (step.do === 'closed') this.models[step.which]!.finishClosing();
    else this.models[step.which]!.failLoading(new MillraceError('dependency_unavailable'));
    await settle();
  }

  /** Whatever is under way ends well. */
  async end(): Promise<void> {
    for (const { finish } of this.asked) finish();
    for (let turn = 0; turn < 40; turn++) {
      for (const model of this.models) {
        model.finishLoading();
        model.finishClosing();
      }
      await settle();
    }
  }

  private one(which: number) {
    return this.asked[which % Math.max(1, this.asked.length)];
  }

  private ask(model: FakeModel): void {
    const caller = new AbortController();
    const one = { ...use(this.residency, model, caller), caller, answers: [] as string[] };
    void one.answer.then((answer) => one.answers.push(answer));
    this.asked.push(one);
  }
}

describe('Residency, whatever happens', () => {
  it('answers everybody once, stays within its budget, and lets nothing go that has work', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const mill = new Mill();
        for (const each of steps) {
          await mill.take(each);
          expect(mill.models.reduce((sum, { held }) => sum + held, 0)).toBeLessThanOrEqual(100);
        }
        await mill.end();
        for (const { answers } of mill.asked) {
          expect(answers).toHaveLength(1);
          expect(['done', 'queue_full', 'cancelled', 'dependency_unavailable']).toContain(answers[0]);
        }
        expect(mill.models.map(({ closedAtWork }) => closedAtWork)).toEqual([0, 0, 0, 0]);
        await pass(61_000);
        await mill.end();
        expect(mill.residency.bytes).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
