import { events } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { PlanDesk } from '../testing/plan-desk.ts';

/** A desk whose setting names `b` from now on. */
function nowSetToB(...inA: string[]): PlanDesk {
  const desk = new PlanDesk();
  desk.addTo('a', ...inA);
  desk.listed = ['b', 'a'];
  return desk;
}
const retired = (desk: PlanDesk) =>
  desk.emitted.filter(({ topic }) => topic === events.modelRetired.name).map(({ data }) => data);

describe('what documents were embedded by', () => {
  it('is not said before there are any: the setting has it until then', async () => {
    const desk = nowSetToB();
    await desk.upkeep().note();
    expect(desk.plan()).toBeUndefined();
    expect(await desk.plans.current()).toEqual({ serving: 'b' });
  });

  it('is noted with the first, and stays so whatever the setting names then', async () => {
    const desk = new PlanDesk();
    desk.add('doc');
    await desk.upkeep().note();
    const index = { fingerprint: 'a-print', dims: 2, collection: 'documents-a-print' };
    expect(desk.plan()).toEqual({ serving: 'a', indexes: { a: index } });
    desk.listed = ['b', 'a'];
    await desk.upkeep().note();
    expect(await desk.plans.current()).toMatchObject({ serving: 'a' });
    expect(await desk.progress.of(desk.plan()!)).toEqual({ serving: 'a', setting: 'b' });
  });

  it('is recognised by the index that is there, where the setting was changed before it was noted', async () => {
    const desk = nowSetToB('doc');
    await desk.upkeep().note();
    expect(desk.plan()).toMatchObject({ serving: 'a', indexes: { a: { collection: 'documents-a-print' } } });
    expect([desk.wanted(), retired(desk)]).toEqual([[], []]);
  });

  it('is recognised before another model is prepared', async () => {
    const desk = nowSetToB('doc');
    await desk.plans.prepare('b', {});
    expect(desk.plan()).toMatchObject({ serving: 'a', next: { model: 'b' } });
  });

  it('is the model of most, where the setting had them go into two indexes: the others follow, the other index goes', async () => {
    const desk = nowSetToB('one', 'two');
    desk.addTo('b', 'three');
    desk.there.add('documents-b-print');
    await desk.upkeep().note();
    expect(desk.plan()?.serving).toBe('a');
    expect(desk.wanted()).toMatchObject([{ document: 'three', model: 'a' }]);
    expect(retired(desk)).toMatchObject([{ name: 'b', model: 'b-print', collection: 'documents-b-print' }]);
  });

  it('cannot be told where its files are not there: that is said, and a switch gives all documents new vectors', async () => {
    const desk = nowSetToB('doc');
    desk.lost.add('a');
    await expect(desk.upkeep().note()).rejects.toMatchObject({ code: 'models_missing' });
    expect(desk.plan()).toBeUndefined();
    desk.listed = ['b', 'c'];
    await desk.plans.prepare('c', {});
    desk.now += 10_000;
    await desk.filler().step();
    expect(desk.wanted()).toMatchObject([{ document: 'doc', model: 'c' }]);
  });
});

it('an index that a model left before there was a plan goes when the model is prepared', async () => {
  const desk = new PlanDesk();
  desk.add('doc');
  desk.there.add('documents-b-print');
  desk.stored = { plan: { serving: 'a' }, revision: 3 };
  await desk.plans.prepare('b', {});
  expect(retired(desk)).toMatchObject([{ name: 'b', collection: 'documents-b-print' }]);
  expect(desk.plan()?.indexes?.['b']?.collection).toBe('documents-b-print-4');
});
