import type { errorAnswer, ModelPlan } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { Mill } from './mill.ts';

let mill: Mill;
beforeAll(async () => {
  mill = await Mill.start();
  for (let n = 0; n < 5; n++) await mill.put(`old-${n}`, `Old text ${n}.`);
  for (let n = 0; n < 5; n++) await mill.waitFor(`old-${n}`, 'indexed');
});
afterAll(() => mill.stop());

const planned = async (): Promise<ModelPlan> =>
  (await mill.request<ModelPlan>('GET', '/v1/admin/models')).body;
const serve = (model: string) =>
  mill.request<ModelPlan & z.infer<typeof errorAnswer>>('POST', '/v1/admin/models/serve', { model });

/** What of these documents the model's index has, in the version that is called indexed. */
async function expectWhole(model: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { live_version } = await mill.waitFor(id, 'indexed', 0);
    const has = mill.stages.versionIn(model, { tenant: 'default', document: id });
    expect([id, has]).toEqual([id, live_version]);
  }
}

const ids = (name: string): string[] => Array.from({ length: 5 }, (_, n) => `${name}-${n}`);
const all = (): string[] => ['old', 'while', 'wait'].flatMap(ids);

describe('a switch of models', () => {
  it('waits until the other index has what is indexed, and says what is missing when that does not come', async () => {
    await mill.request('POST', '/v1/admin/models/switch', { to: 'other', hold: true });
    await vi.waitFor(async () => expect((await planned()).next?.phase).toBe('ready'), 30_000);
    await expectWhole('other', ids('old'));
    mill.models.stop();
    for (const id of ids('while')) await mill.put(id, `New text of ${id}.`);
    for (const id of ids('while')) expect((await mill.waitFor(id, 'indexed')).state).toBe('indexed');
    const { status, body } = await serve('other');
    expect([status, body.error.code]).toEqual([409, 'model_behind']);
    expect(body.error.message).toContain('5 documents');
    expect((await planned()).serving).toBe('model');
  });

  it('calls nothing indexed meanwhile that is not in both, and has lost nothing from the first moment on', async () => {
    const switched = serve('other');
    await vi.waitFor(async () => expect((await planned()).switches).toMatchObject([{ with: 'other' }]));
    for (const id of ids('wait')) await mill.put(id, `Newer text of ${id}.`);
    for (const id of ids('wait')) await mill.waitFor(id, 'embedded');
    expect((await mill.waitFor('wait-4', 'indexed', 0.3)).state).not.toBe('indexed');
    mill.models.goOn();
    expect((await switched).body.serving).toBe('other');
    await expectWhole('other', [...ids('old'), ...ids('while')]);
    for (const id of ids('wait')) await mill.waitFor(id, 'indexed');
    await expectWhole('other', all());
  });

  it('goes back at once, and never to an index where a document is older than it is said to be', async () => {
    await vi.waitFor(() => expectWhole('model', all()));
    const began = performance.now();
    expect((await serve('model')).body.serving).toBe('model');
    expect(performance.now() - began).toBeLessThan(1_000);
    await expectWhole('model', all());
    mill.models.stop();
    for (const id of ids('old')) await mill.put(id, `Changed text of ${id}.`);
    for (const id of ids('old')) await mill.waitFor(id, 'indexed');
    const switched = serve('other');
    await vi.waitFor(async () => expect((await planned()).switches).toMatchObject([{ with: 'other' }]));
    mill.models.goOn();
    expect((await switched).status).toBe(200);
    await expectWhole('other', all());
  });

  it('holds nothing up any longer when the switch came to nothing', async () => {
    await vi.waitFor(() => expectWhole('model', all()));
    await serve('model');
    mill.models.stop();
    await mill.put('held', 'A text.');
    await mill.waitFor('held', 'indexed');
    const switched = serve('other');
    await vi.waitFor(async () => expect((await planned()).switches).toMatchObject([{ with: 'other' }]));
    await mill.put('held', 'Another text.');
    expect((await switched).status).toBe(409);
    expect(await mill.waitFor('held', 'indexed')).toMatchObject({ state: 'indexed', version: 2 });
    mill.models.goOn();
  });
});
