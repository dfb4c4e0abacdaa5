import { events } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { PlanDesk } from '../testing/plan-desk.ts';

const ready = async (desk: PlanDesk, model: string): Promise<void> => {
  await desk.plans.prepare(model, { hold: true });
  desk.now += 10_000;
  await desk.work(desk.filler());
};
const retired = (desk: PlanDesk) =>
  desk.emitted.filter(({ topic }) => topic === events.modelRetired.name).map(({ data }) => data);

describe('the index of a model', () => {
  it('is a new one each time that the model is prepared; that of an installation of today keeps its name', async () => {
    const desk = new PlanDesk();
    await desk.plans.prepare('b', { hold: true });
    const first = desk.plan()!.indexes!;
    expect(first).toMatchObject({ a: { fingerprint: 'a-print', dims: 2, collection: 'documents-a-print' } });
    expect(desk.made).toEqual([first['a']!.collection, first['b']!.collection]);
    await desk.plans.retire('b');
    await desk.plans.prepare('b', { hold: true });
    expect(desk.plan()!.indexes!['b']!.collection).not.toBe(first['b']!.collection);
    expect(retired(desk)).toMatchObject([{ name: 'b', collection: first['b']!.collection }]);
  });

  it('goes, and is made good, without the files of its model', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    await desk.plans.serve('b');
    desk.lost.add('a');
    desk.owe('a', 'late');
    desk.now += 21_000;
    await desk.upkeep().makeGood();
    expect(desk.wanted().at(-1)).toMatchObject({ document: 'late', model: 'a' });
    desk.now += 25 * 3_600_000;
    await desk.upkeep().retireOverdue();
    expect(desk.plan()).toMatchObject({ serving: 'b' });
    expect(retired(desk)).toMatchObject([{ name: 'a', model: 'a-print', collection: 'documents-a-print' }]);
  });

  it('keeps no other from being made good where it cannot be looked into', async () => {
    const desk = new PlanDesk();
    await ready(desk, 'b');
    await desk.plans.serve('b');
    await ready(desk, 'c');
    desk.owe('a', 'early');
    desk.owe('c', 'late');
    desk.unreadable = 'documents-a-print';
    desk.now += 21_000;
    await expect(desk.upkeep().makeGood()).rejects.toMatchObject({ code: 'index_missing' });
    expect(desk.wanted().map(({ document, model }) => [document, model])).toEqual([['late', 'c']]);
  });

  it('is noted in a plan of an older installation, as far as files are there', async () => {
    const desk = new PlanDesk();
    const until = new Date(desk.now + 3_600_000).toISOString();
    const old = { serving: 'b', previous: { model: 'a', until } };
    desk.stored = { plan: old, revision: 7 };
    desk.lost.add('a');
    await desk.plans.complete(desk.stored);
    expect(desk.plan()?.indexes).toEqual({
      b: { fingerprint: 'b-print', dims: 2, collection: 'documents-b-print' },
    });
    await expect(desk.plans.retire('a')).rejects.toMatchObject({ code: 'models_missing' });
    desk.lost.clear();
    await desk.plans.retire('a');
    expect(retired(desk)).toMatchObject([{ collection: 'documents-a-print' }]);
  });
});
