import { events } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { PlanDesk } from '../testing/plan-desk.ts';

const names = Array.from({ length: 150 }, (_, n) => `doc-${String(n).padStart(3, '0')}`);

async function begun(hold = false, settled = true): Promise<PlanDesk> {
  const desk = new PlanDesk();
  desk.add(...names);
  await desk.plans.prepare('b', { hold });
  if (settled) desk.now += 10_000;
  return desk;
}

describe('preparing the next model', () => {
  it('waits until everybody goes by the plan', async () => {
    const desk = await begun(false, false);
    desk.now += 4_000;
    await desk.filler().step();
    expect(desk.wanted()).toEqual([]);
    desk.now += 2_000;
    await desk.filler().step();
    expect(desk.wanted()).toHaveLength(64);
  });

  it('asks for the vectors of every document once, looks again, and switches', async () => {
    const desk = await begun();
    await desk.work(desk.filler());
    expect(desk.wanted().map(({ document }) => document)).toEqual(names);
    expect(desk.plan()).toMatchObject({ serving: 'b', previous: { model: 'a' } });
    const switched = desk.emitted.find(({ topic }) => topic === events.modelSwitched.name);
    expect(switched?.data).toMatchObject({ from: 'a', to: 'b', comparison: { found_next: 0.9 } });
  });

  it('goes on where another left off, and two at it ask for nothing twice', async () => {
    const desk = await begun(true);
    await desk.filler().step();
    const [one, other] = [desk.filler(), desk.filler()];
    while (desk.plan()?.next?.phase === 'filling') {
      await Promise.all([one.step(), other.step()]);
      desk.make();
    }
    expect(desk.wanted().map(({ document }) => document)).toEqual(names);
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'ready', missing: 0 } });
  });

  it('asks again for what was lost', async () => {
    const desk = await begun();
    let tries = 0;
    await desk.work(desk.filler(), () => {
      desk.now += 5_000;
      desk.make(tries++ < 15 ? ['doc-007'] : []);
    });
    expect(desk.wanted().filter(({ document }) => document === 'doc-007').length).toBeGreaterThan(1);
    expect(desk.plan()?.serving).toBe('b');
  });

  it('refuses a model that a document lacks for good', async () => {
    const desk = await begun();
    await desk.work(desk.filler(), () => {
      desk.now += 20_000;
      desk.make(['doc-007']);
    });
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'refused', missing: 1 } });
  });

  it('refuses a model that finds less than the one that serves', async () => {
    const desk = await begun();
    desk.comparison = { ...desk.comparison, found_next: 0.84 };
    await desk.work(desk.filler());
    expect(desk.plan()).toMatchObject({
      serving: 'a',
      next: { phase: 'refused', comparison: desk.comparison },
    });
  });

  it('tells how far it is, how fast, and when about it is done', async () => {
    const desk = await begun();
    const told = async () => (await desk.progress.of(desk.plan()!)).next;
    expect(await told()).toMatchObject({ behind: 0, progress: { done: 0, left: 150, per_second: 0 } });
    expect((await told())?.progress).not.toHaveProperty('done_at');
    await desk.filler().step();
    desk.now += 10_000;
    expect(await told()).toMatchObject({ behind: 64, progress: { done: 0, left: 150 } });
    desk.make(['doc-060', 'doc-061', 'doc-062', 'doc-063']);
    expect(await told()).toMatchObject({
      behind: 4,
      progress: { done: 60, left: 90, per_second: 3, done_at: new Date(desk.now + 30_000).toISOString() },
    });
    desk.make();
    await desk.work(desk.filler());
    desk.owe('a', 'late');
    expect(await desk.progress.of(desk.plan()!)).toMatchObject({ serving: 'b', previous: { behind: 1 } });
  });

  it('compares by each document once, asked for by who may read it', async () => {
    const desk = await begun();
    await desk.work(desk.filler());
    expect(desk.compared.map(({ document }) => document).sort()).toEqual(names);
    expect(new Set(desk.compared.flatMap(({ access }) => access))).toEqual(new Set(['group:board']));
  });

  it('waits for the word where nothing speaks for a model', async () => {
    const desk = await begun();
    desk.comparison = { ...desk.comparison, sentences: 16, found_serving: 1, found_next: 1 };
    await desk.work(desk.filler());
    const next = { phase: 'unproven', why: 'too_little_to_ask' };
    expect(desk.plan()).toMatchObject({ serving: 'a', next });
    await desk.work(desk.filler());
    expect(desk.plan()?.serving).toBe('a');
    expect(await desk.plans.serve('b')).toMatchObject({ serving: 'b' });
  });

  it('leaves it to a person where the serving model can be asked no more', async () => {
    const desk = await begun();
    desk.isUnaskable = true;
    await desk.work(desk.filler());
    expect(desk.plan()).toMatchObject({
      serving: 'a',
      next: { phase: 'unproven', why: 'too_little_to_ask' },
    });
  });

  it.each(['filling', 'ready'])(
    'tells that the file of a model was replaced while it was %s, and does not let it serve',
    async (phase) => {
      const desk = await begun(true);
      if (phase === 'ready') await desk.work(desk.filler());
      desk.stored!.plan.next!.hold = false;
      desk.replaced.add('b');
      desk.isUnaskable = true;
      await desk.work(desk.filler());
      expect(desk.plan()).toMatchObject({
        serving: 'a',
        next: { phase: 'refused', why: 'file_replaced' },
      });
    },
  );

  it('compares again what an older installation compared with it does not say whom', async () => {
    const desk = await begun(true);
    await desk.work(desk.filler());
    const { against: _, ...next } = desk.plan()!.next!;
    desk.stored = { ...desk.stored!, plan: { ...desk.plan()!, next: { ...next, hold: false } } };
    desk.comparison = { ...desk.comparison, found_next: 0.2 };
    await desk.work(desk.filler());
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'refused', against: 'a' } });
  });

  it('refuses a model that finds less of what somebody judged', async () => {
    const desk = await begun();
    const judgements = [{ tenant: 'acme', query: 'what turns the wheel?', relevant: ['doc-001'] }];
    await desk.plans.prepare('b', { hold: false, judgements });
    desk.ndcg = { ...desk.ndcg, ndcg_serving: 0.44, ndcg_next: 0.41 };
    await desk.work(desk.filler());
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'refused' } });
  });

  it('comes to its end whatever is changed meanwhile', async () => {
    const desk = await begun(true);
    let changed = 0;
    await desk.work(desk.filler(), () => {
      desk.make();
      // Not yet followed into the index, and more of them each time.
      for (let n = 0; n < 32 && desk.plan()?.next?.phase === 'filling'; n++)
        desk.owe('b', `new-${changed++}`);
    });
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'ready', missing: 0 } });
    expect(desk.wanted().map(({ document }) => document)).toEqual(names);
  });

  it('does not switch before the index has all that is indexed', async () => {
    const desk = await begun(true);
    const filler = desk.filler();
    await desk.work(filler);
    desk.owe('b', 'late');
    await desk.plans.prepare('b', { hold: false });
    await filler.step();
    expect(desk.plan()).toMatchObject({ serving: 'a', switches: [{ with: 'b' }] });
    // Nobody makes it: it is asked for again.
    desk.now += 21_000;
    await desk.upkeep().makeGood();
    expect(desk.wanted().at(-1)).toMatchObject({ document: 'late', model: 'b' });
    desk.make();
    await filler.step();
    expect(desk.plan()).toMatchObject({ serving: 'b', previous: { model: 'a' } });
    // A replica may still ask by the other one.
    const until = new Date(desk.now + 2_000).toISOString();
    expect(desk.plan()?.switches).toEqual([{ with: 'a', until, made: true }]);
  });

  it('lets the previous model go when its time is over', async () => {
    const desk = await begun();
    await desk.work(desk.filler());
    desk.now += 25 * 3_600_000;
    await desk.work(desk.filler());
    expect(desk.plan()).toMatchObject({ serving: 'b', indexes: { b: {} } });
    expect(desk.plan()).not.toHaveProperty('previous');
    expect(desk.emitted.at(-1)?.topic).toBe(events.modelRetired.name);
  });
});
