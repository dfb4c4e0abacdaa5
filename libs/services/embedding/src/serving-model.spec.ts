import type { ModelPlan, NextModel } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServingModel } from './serving-model.ts';

const next: NextModel = {
  ...{ model: 'b', phase: 'ready', started_at: '2026-01-01T00:00:00.000Z', hold: true },
  ...{ passes: 1, looked_at: 1, missing: 0, documents: 1 },
};
const index = { fingerprint: 'a-print', dims: 2, collection: 'documents-a-print-3' };
const described = (name: string) => ({ name, fingerprint: `${name}-print`, dims: 2 });

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** Control with this plan, and who goes by it; no model but the default has files. */
function world(plan: ModelPlan | null) {
  const control = { plan, isUp: true, delay: Promise.resolve() };
  const embedder = (name: string) => ({ model: described(name) });
  const embedders = {
    hold: () => undefined,
    default: embedder('a'),
    get: async (name: string) => {
      if (name === 'gone') throw new Error('no files');
      return embedder(name);
    },
  };
  const call = async () => {
    if (!control.isUp) throw new Error('no answer');
    const { plan } = control;
    await control.delay;
    return { plan };
  };
  const warned: string[] = [];
  const logger = { warn: (_: object, text: string) => void warned.push(text) };
  const serving = new ServingModel(embedders as never, { call } as never, logger as never);
  return { control, serving, warned };
}

describe('what embedding goes by', () => {
  it('is the plan of a second ago at most', async () => {
    const { control, serving } = world({ serving: 'a' });
    expect((await serving.get()).model.name).toBe('a');
    control.plan = { serving: 'b' };
    now = 1_001;
    expect((await serving.get()).model.name).toBe('b');
  });

  it('is what it knew last while control does not answer: who asks is answered', async () => {
    const { control, serving } = world({ serving: 'a', next });
    await serving.get();
    control.isUp = false;
    for (; now < 600_000; now += 1_500) expect((await serving.get()).model.name).toBe('a');
  });

  it.each<[string, ModelPlan]>([
    ['waits', { serving: 'a', next, switches: [{ with: 'b', until: '2026-01-01T00:00:00.000Z' }] }],
    ['comes by itself', { serving: 'a', next: { ...next, hold: false } }],
  ])('is that for half a minute only where by it a switch %s', async (_, plan) => {
    const { control, serving } = world(plan);
    await serving.get();
    control.isUp = false;
    now = 29_000;
    expect((await serving.get()).model.name).toBe('a');
    now = 32_000;
    await expect(serving.get()).rejects.toThrow('no answer');
    control.isUp = true;
    expect((await serving.get()).model.name).toBe('a');
  });

  it('is the plan where the setting names another model, which is told once', async () => {
    const { serving, warned } = world({ serving: 'b' });
    for (; now < 5_000; now += 1_500) expect((await serving.get()).model.name).toBe('b');
    expect(warned).toEqual([expect.stringContaining('millrace models switch --to a')]);
    const same = world({ serving: 'a' });
    await same.serving.get();
    expect(same.warned).toEqual([]);
  });

  it('can be asked for as it is now, and is not told where control does not answer', async () => {
    const { control, serving } = world({ serving: 'a' });
    await serving.get();
    control.plan = { serving: 'b' };
    await serving.refresh();
    expect((await serving.get()).model.name).toBe('b');
    control.isUp = false;
    await expect(serving.refresh()).rejects.toThrow('no answer');
  });
});

describe('who has to know the plan as it is now', () => {
  it('is told of a model that came a moment ago, or that it cannot be told', async () => {
    const { control, serving } = world({ serving: 'a' });
    await serving.indexes();
    control.plan = { serving: 'a', next };
    expect((await serving.indexes(true)).map(({ name }) => name)).toEqual(['a', 'b']);
    control.isUp = false;
    await expect(serving.indexes(true)).rejects.toThrow('no answer');
  });

  it('is not put off by an answer to an earlier question that comes later', async () => {
    const { control, serving } = world({ serving: 'a' });
    let answer: () => void = () => undefined;
    control.delay = new Promise((resolve) => (answer = resolve));
    const earlier = serving.indexes();
    now = 10;
    control.delay = Promise.resolve();
    control.plan = { serving: 'a', next };
    await serving.refresh();
    answer();
    await earlier;
    expect((await serving.indexes()).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('where vectors lie', () => {
  it('is told by the plan, whether or not the files of a model are there', async () => {
    const previous = { model: 'gone', until: '2999-01-01T00:00:00.000Z' };
    const gone = { fingerprint: 'gone-print', dims: 4, collection: 'documents-gone' };
    const { serving } = world({ serving: 'a', previous, indexes: { a: index, gone } });
    expect(await serving.indexes()).toEqual([
      { name: 'a', model: 'a-print', dims: 2, collection: 'documents-a-print-3' },
      { name: 'gone', model: 'gone-print', dims: 4, collection: 'documents-gone' },
    ]);
    expect([await serving.isActive('gone'), await serving.isActive('b')]).toEqual([true, false]);
  });

  it('is nowhere that vectors of another file of the same name lie', async () => {
    const { serving } = world({ serving: 'a', indexes: { a: index } });
    const model = described('a') as never;
    expect(await serving.collectionOf(model)).toBe('documents-a-print-3');
    const replaced = { ...described('a'), fingerprint: 'other-print' } as never;
    expect(await serving.collectionOf(replaced)).toBe('documents-other-print');
  });

  it('is not said before a model was ever switched, and by the fingerprint in a plan that does not tell', async () => {
    expect(await world(null).serving.indexes()).toEqual([{ name: 'a', model: 'a-print', dims: 2 }]);
    expect(await world(null).serving.collectionOf(described('a') as never)).toBeUndefined();
    expect(await world({ serving: 'b' }).serving.indexes()).toEqual([
      { name: 'b', model: 'b-print', dims: 2, collection: 'documents-b-print' },
    ]);
  });
});
