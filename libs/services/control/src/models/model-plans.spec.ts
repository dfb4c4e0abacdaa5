import { events } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { PlanDesk, start } from '../testing/plan-desk.ts';

const ready = async (desk: PlanDesk, model: string, hold = true): Promise<void> => {
  await desk.plans.prepare(model, { hold });
  desk.now += 10_000;
  await desk.work(desk.filler());
};
const questions = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ tenant: 'acme', query: `what is ${n}?`, relevant: ['doc'] }));
const told = (desk: PlanDesk) => desk.emitted.map(({ topic }) => topic);

describe('the plan of models', () => {
  it('is what is served by default, until something is switched', async () => {
    const desk = new PlanDesk();
    expect(await desk.plans.read()).toBeNull();
    expect(await desk.plans.current()).toEqual({ serving: 'a' });
    expect(await desk.plans.prepare('a', { hold: false })).toMatchObject({ serving: 'a' });
    expect(desk.plan()).toBeUndefined();
  });

  it('prepares one model at a time, the same again as often as somebody says so', async () => {
    const desk = new PlanDesk();
    const { next } = await desk.plans.prepare('b', { hold: false });
    expect(next).toMatchObject({ model: 'b', phase: 'filling', started_at: new Date(start).toISOString() });
    expect((await desk.plans.prepare('b', { hold: true })).next).toEqual({ ...next, hold: true });
    await expect(desk.plans.prepare('c', { hold: false })).rejects.toMatchObject({ code: 'model_not_ready' });
    await expect(desk.plans.serve('b')).rejects.toMatchObject({ code: 'model_not_ready' });
    await expect(desk.plans.serve('c')).rejects.toMatchObject({ code: 'model_not_ready' });
  });

  it('switches in one step, and back as quickly', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    const plan = await desk.plans.serve('b');
    expect(plan).toMatchObject({ serving: 'b', previous: { model: 'a' } });
    expect(plan.next).toBeUndefined();
    expect(told(desk)).toEqual([events.modelSwitched.name]);
    expect(await desk.plans.serve('a')).toMatchObject({ serving: 'a', previous: { model: 'b' } });
    await expect(desk.plans.prepare('b', { hold: false })).rejects.toMatchObject({ code: 'model_not_ready' });
  });

  it('waits for an index that is behind, for a while, and says how far it is behind', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    desk.owe('b', 'late');
    const serves = desk.plans.serve('b');
    await expect.poll(() => desk.plan()?.switches).toMatchObject([{ with: 'b' }]);
    desk.owe('b', 'later');
    await expect(serves).rejects.toMatchObject({
      ...{ code: 'model_behind', retryAfter: 0.3 },
      message: expect.stringContaining('2 documents') as string,
    });
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'ready' } });
    expect(desk.plan()).not.toHaveProperty('switches');
    const again = desk.plans.serve('b');
    desk.arrive('b', 'late', 1);
    desk.arrive('b', 'later', 1);
    expect(await again).toMatchObject({ serving: 'b' });
    desk.owe('a', 'last');
    await expect(desk.plans.serve('a')).rejects.toMatchObject({ code: 'model_behind' });
  });

  it('lets the index of the model before the last go with the next switch', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    await desk.plans.serve('b');
    await ready(desk, 'c');
    expect(await desk.plans.serve('c')).toMatchObject({ serving: 'c', previous: { model: 'b' } });
    expect(desk.emitted.at(-1)).toMatchObject({
      topic: events.modelRetired.name,
      data: { name: 'a', model: 'a-print' },
    });
  });

  it('gives up the next or the previous model, whose index goes', async () => {
    const desk = new PlanDesk();
    await desk.plans.prepare('b', { hold: false });
    const { next, indexes, ...left } = await desk.plans.retire('b');
    expect([left, next, Object.keys(indexes!)]).toEqual([{ serving: 'a' }, undefined, ['a']]);
    expect(told(desk)).toEqual([events.modelRetired.name]);
    await expect(desk.plans.retire('a')).rejects.toMatchObject({ code: 'model_not_found' });
  });

  it('keeps judgements until their model serves or is given up, and compares by them anew', async () => {
    const desk = new PlanDesk();
    const judgements = questions(45);
    await ready(desk, 'b');
    expect(desk.plan()?.next?.comparison).not.toHaveProperty('judged');
    const plan = await desk.plans.prepare('b', { hold: true, judgements });
    expect(plan.next).toMatchObject({ phase: 'filling', judged: 45 });
    await desk.work(desk.filler());
    expect(desk.judged).toEqual(judgements.map((one) => ({ ...one, access: ['group:board'] })));
    const { ndcg_serving, ndcg_next } = desk.plan()!.next!.comparison!;
    expect([ndcg_serving, ndcg_next]).toEqual([expect.closeTo(0.5), expect.closeTo(0.5)]);
    await desk.plans.serve('b');
    expect(desk.blobs.size).toBe(0);
    await desk.plans.prepare('c', { hold: true, judgements });
    await desk.plans.retire('c');
    expect(desk.blobs.size).toBe(0);
  });

  it('keeps no judgements of a model that is not prepared', async () => {
    const desk = new PlanDesk();
    const judgements = questions(1);
    await desk.plans.prepare('b', { hold: true });
    await expect(desk.plans.prepare('c', { hold: true, judgements })).rejects.toThrow();
    await desk.plans.prepare('a', { hold: true, judgements });
    expect(desk.blobs.size).toBe(0);
  });

  it('serves a refused one only when it is forced', async () => {
    const desk = new PlanDesk();
    desk.comparison = { ...desk.comparison, found_next: 0.2 };
    await ready(desk, 'b', false);
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'refused' } });
    await expect(desk.plans.serve('b')).rejects.toMatchObject({ code: 'model_not_ready' });
    expect(await desk.plans.serve('b', true)).toMatchObject({ serving: 'b' });
  });

  it('leaves an audit entry of what somebody decided, and of what it did by itself, not of what changed nothing', async () => {
    const desk = new PlanDesk();
    const ann = { tenant: 'default', name: 'user:ann', key: 'k-1' };
    await desk.plans.prepare('b', { hold: false }, ann);
    desk.now += 10_000;
    await desk.work(desk.filler());
    await desk.plans.serve('b', false, ann);
    await desk.plans.serve('a', true, ann);
    await desk.plans.retire('b', ann);
    expect(
      desk.audited.map(({ actor, action, object, details }) => [actor, action, object, details]),
    ).toEqual([
      [ann, 'model.prepare', 'model:b', { hold: false }],
      [{ name: 'models' }, 'model.serve', 'model:b', { from: 'a', force: false }],
      [ann, 'model.serve', 'model:a', { from: 'b', force: true }],
      [ann, 'model.retire', 'model:b', { was: 'previous' }],
    ]);
    expect(desk.audited.every(({ tenant, outcome }) => tenant === 'default' && outcome === 'done')).toBe(
      true,
    );
  });

  it('serves no model that questions could not be asked by, the previous one and a forced one included', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    desk.lost.add('b');
    await expect(desk.plans.serve('b')).rejects.toMatchObject({ code: 'models_missing' });
    desk.lost.clear();
    desk.replaced.add('b');
    await expect(desk.plans.serve('b', true)).rejects.toMatchObject({
      ...{ code: 'model_not_ready', message: expect.stringContaining('another file') as string },
    });
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { model: 'b' } });
    desk.replaced.clear();
    await desk.plans.serve('b');
    desk.lost.add('a');
    await expect(desk.plans.serve('a')).rejects.toMatchObject({ code: 'models_missing' });
    expect(desk.plan()).toMatchObject({ serving: 'b', previous: { model: 'a' } });
  });

  it('says at once that files are gone, whether or not the index is behind', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    desk.owe('b', 'late');
    desk.lost.add('b');
    await expect(desk.plans.serve('b')).rejects.toMatchObject({ code: 'models_missing' });
    expect(desk.plan()).not.toHaveProperty('switches');
  });

  it('prepares a model anew whose file is another than its index was made of', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    const before = desk.plan()!.indexes!['b']!.collection;
    desk.replaced.add('b');
    const { next, indexes } = await desk.plans.prepare('b', { hold: true });
    expect(next).toMatchObject({ phase: 'filling', passes: 0 });
    expect(indexes!['b']!.fingerprint).toBe('b-other');
    expect(desk.emitted.at(-1)).toMatchObject({
      topic: events.modelRetired.name,
      data: { model: 'b-print', collection: before },
    });
  });

  it('lets no model serve by a comparison with one that serves no more', async () => {
    const desk = new PlanDesk();
    const compared = (found_serving: number, found_next: number): void => {
      desk.comparison = { ...desk.comparison, found_serving, found_next };
    };
    compared(0.95, 0.55);
    await ready(desk, 'b');
    await desk.plans.serve('b', true);
    compared(0.55, 0.55);
    await ready(desk, 'c');
    expect(desk.plan()?.next).toMatchObject({ phase: 'ready', against: 'b' });
    await desk.plans.serve('a');
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { model: 'c', phase: 'filling' } });
    compared(0.95, 0.55);
    await desk.plans.prepare('c', { hold: false });
    await desk.work(desk.filler());
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { phase: 'refused', against: 'a' } });
  });

  it('waits for the word as long as nobody says otherwise', async () => {
    const desk = new PlanDesk();
    await desk.plans.prepare('b', { hold: true });
    expect((await desk.plans.prepare('b', {})).next?.hold).toBe(true);
    expect((await desk.plans.prepare('b', { hold: false })).next?.hold).toBe(false);
    expect((await desk.plans.prepare('b', {})).next?.hold).toBe(false);
  });

  it('forgets late no judgements that were given anew', async () => {
    const desk = new PlanDesk();
    await desk.plans.prepare('b', { judgements: questions(30) });
    let goOn: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (goOn = resolve));
    desk.forgetting = () => late;
    const retires = desk.plans.retire('b');
    await expect.poll(() => desk.plan()?.next).toBeUndefined();
    await desk.plans.prepare('b', { judgements: questions(40) });
    goOn();
    await retires;
    desk.now += 10_000;
    await desk.work(desk.filler());
    expect(desk.judged).toHaveLength(40);
    expect(desk.blobs.size).toBe(0);
  });

  it.each(['has another file', 'lost its index'])(
    'fills the index of the serving model anew where it %s',
    async (what) => {
      const desk = new PlanDesk();
      desk.add('doc');
      await desk.upkeep().note();
      await desk.plans.prepare('a', {});
      expect(desk.plan()).not.toHaveProperty('next');
      if (what === 'lost its index') desk.there.clear();
      else desk.replaced.add('a');
      desk.forgetIndex('a');
      const { indexes } = await desk.plans.prepare('a', {});
      expect(desk.emitted.at(-1)?.data).toMatchObject({ name: 'a', collection: 'documents-a-print' });
      desk.now += 10_000;
      await desk.work(desk.filler());
      expect(desk.wanted()).toMatchObject([{ document: 'doc', model: 'a' }]);
      expect(desk.plan()).toEqual({ serving: 'a', indexes: { a: indexes!['a'] } });
      expect(indexes!['a']!.collection).toMatch(/-2$/);
    },
  );

  it('lets the other serve while it does, and no half of an index', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    await desk.plans.serve('b');
    desk.replaced.add('b');
    await desk.plans.prepare('b', {});
    expect(await desk.plans.serve('a')).not.toHaveProperty('previous');
    expect(desk.plan()).not.toHaveProperty('next');
  });
});
