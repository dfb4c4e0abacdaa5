import { describe, expect, it, vi } from 'vitest';
import { PlanDesk } from '../testing/plan-desk.ts';

const ready = async (desk: PlanDesk, model: string): Promise<void> => {
  await desk.plans.prepare(model, { hold: true });
  desk.now += 10_000;
  await desk.work(desk.filler());
};

/** `b` served until a moment ago, when `a` took its place again; `c` is ready. */
async function switchedBack(): Promise<PlanDesk> {
  const desk = new PlanDesk();
  await ready(desk, 'b');
  await desk.plans.serve('b');
  await ready(desk, 'c');
  await desk.plans.serve('a');
  await desk.work(desk.filler());
  expect(desk.plan()?.switches).toMatchObject([{ with: 'b', made: true }]);
  return desk;
}

describe('the two seconds after a switch', () => {
  it('are not cut short by giving up a third model', async () => {
    const desk = await switchedBack();
    await desk.plans.retire('c');
    expect(desk.plan()?.switches).toMatchObject([{ with: 'b', made: true }]);
  });

  it('are not cut short by another switch that waits, or is given up', async () => {
    const desk = await switchedBack();
    desk.owe('c', 'late');
    const givenUp = expect(desk.plans.serve('c')).rejects.toMatchObject({ code: 'model_behind' });
    await vi.waitFor(() =>
      expect(desk.plan()?.switches).toMatchObject([{ with: 'b', made: true }, { with: 'c' }]),
    );
    await givenUp;
    expect(desk.plan()?.switches).toMatchObject([{ with: 'b', made: true }]);
  });

  it('are over with the next change of the plan behind them', async () => {
    const desk = await switchedBack();
    desk.now += 2_000;
    await desk.plans.retire('c');
    expect(desk.plan()).not.toHaveProperty('switches');
  });

  it('hold for the model that has just been given up as well', async () => {
    const desk = await switchedBack();
    await desk.plans.retire('b');
    expect(desk.plan()?.switches).toMatchObject([{ with: 'b', made: true }]);
  });
});

it('nobody waits for a model that was given up', async () => {
  const desk = await switchedBack();
  desk.owe('c', 'late');
  const waits = expect(desk.plans.serve('c')).rejects.toMatchObject({ code: 'model_not_ready' });
  await vi.waitFor(() => expect(desk.plan()?.switches).toHaveLength(2));
  await desk.plans.retire('c');
  expect(desk.plan()?.switches).toMatchObject([{ with: 'b', made: true }]);
  await waits;
});
