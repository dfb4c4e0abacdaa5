import type { ModelPlan, NextModel } from '@millrace/contracts';
import type { Step } from '@millrace/ports';
import { afterEach, describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';
import { SwitchingWalk } from './switching-walk.ts';

const next: NextModel = {
  ...{ model: 'b', phase: 'ready', started_at: '2026-01-01T00:00:00.000Z', hold: true },
  ...{ passes: 1, looked_at: 0, missing: 0, documents: 0 },
};

const served = { previous: { model: 'a', until: '2026-01-02T00:00:00.000Z' } };

/** Which models' indexes have what is `indexed`, while there is more than one. */
export function indexBookChecks(open: () => Desk): void {
  describe('what the indexes of several models have', () => {
    let last: Desk;
    /** The plan is one for the whole registry, which other tests may share. */
    afterEach(() => plan(last, { serving: 'a' }));

    async function begin(first: ModelPlan = { serving: 'a', next }): Promise<Desk> {
      last = open();
      await plan(last, { serving: 'a' });
      await plan(last, first);
      return last;
    }

    it('is wished for and in arrears once it is called indexed, until it is reported', async () => {
      const desk = await begin();
      await embedded(desk, 'doc');
      expect(await arrived(desk, 'doc', 1, ['a'])).toBe(true);
      expect(await wishes(desk)).toEqual(['b doc@1']);
      expect(await desk.registry.arrears.count('b')).toBe(1);
      expect(await desk.registry.arrears.among('b', [desk.of('doc', 1), desk.of('other', 1)])).toEqual([
        { tenant: desk.tenant, document: 'doc' },
      ]);
      expect(await arrived(desk, 'doc', 1, ['b'])).toBe(false);
      expect(await desk.registry.arrears.count('b')).toBe(0);
      await arrived(desk, 'doc', 1, ['a']);
      expect([await wishes(desk), await desk.registry.arrears.count('b')]).toEqual([['b doc@1'], 0]);
    });

    it('keeps a model from serving that lacks a version, however old what it has is', async () => {
      const desk = await begin();
      const back = { ...served, serving: 'b' };
      await embedded(desk, 'doc');
      await arrived(desk, 'doc', 1, ['a']);
      expect(await plan(desk, back)).toBe('behind');
      await embedded(desk, 'doc', 2);
      await arrived(desk, 'doc', 2, ['a']);
      await arrived(desk, 'doc', 1, ['b']);
      expect(await plan(desk, back)).toBe('behind');
      expect((await desk.registry.modelPlan.read())?.plan.serving).toBe('a');
      await arrived(desk, 'doc', 2, ['b']);
      expect(await plan(desk, back)).toBe('written');
    });

    it('calls nothing indexed that the serving model lacks, in whatever order it is reported', async () => {
      const desk = await begin({ ...served, serving: 'b' });
      await embedded(desk, 'late');
      expect(await arrived(desk, 'late', 1, ['a'])).toBe(false);
      expect([await desk.stateOf('late'), await wishes(desk)]).toEqual(['embedded', ['b late@1']]);
      expect(await desk.registry.arrears.count('b')).toBe(0);
      expect(await arrived(desk, 'late', 1, ['b'])).toBe(true);
      expect([await desk.stateOf('late'), await desk.registry.arrears.count('a')]).toEqual(['indexed', 0]);
      await embedded(desk, 'early');
      expect(await arrived(desk, 'early', 1, ['b'])).toBe(true);
      expect(await desk.registry.arrears.count('a')).toBe(1);
      await arrived(desk, 'early', 1, ['a']);
      expect(await desk.registry.arrears.count('a')).toBe(0);
    });

    it('holds up no other step of the same moment', async () => {
      const desk = await begin({ ...served, serving: 'b' });
      await Promise.all(['one', 'two'].map((document) => embedded(desk, document)));
      await desk.accept('three', 'text');
      await Promise.all([
        ...['one', 'two'].map((document) => arrived(desk, document, 1, ['a'])),
        ...(['parsed', 'embedded'] as const).map((state) => desk.advance('three', 1, state)),
      ]);
      expect([await desk.stateOf('one'), await desk.stateOf('three')]).toEqual(['embedded', 'embedded']);
    });

    it('calls nothing indexed that is not in both while a switch waits, so that it comes to its end', async () => {
      const desk = await begin();
      await embedded(desk, 'before');
      await arrived(desk, 'before', 1, ['a']);
      const until = new Date(desk.now() + 60_000).toISOString();
      await plan(desk, { serving: 'a', next, switches: [{ with: 'b', until }] });
      await embedded(desk, 'during');
      expect(await arrived(desk, 'during', 1, ['a'])).toBe(false);
      expect(await desk.registry.arrears.count('b')).toBe(1);
      await arrived(desk, 'before', 1, ['b']);
      expect(await plan(desk, { serving: 'b' })).toBe('written');
      expect(await arrived(desk, 'during', 1, ['b'])).toBe(true);
    });

    it('is not held up by a switch that nobody waits for any more', async () => {
      const desk = await begin();
      const until = new Date(desk.now()).toISOString();
      await plan(desk, { serving: 'a', next, switches: [{ with: 'b', until }] });
      await embedded(desk, 'doc');
      expect(await arrived(desk, 'doc', 1, ['a'])).toBe(true);
    });

    it('is not what an earlier preparation of a model has, nor a model that was given up', async () => {
      const index = { fingerprint: 'print', dims: 1 };
      const desk = await begin();
      await plan(desk, {
        ...{ serving: 'a', next },
        indexes: { a: { ...index, collection: 'a' }, b: { ...index, collection: 'b-2' } },
      });
      await embedded(desk, 'doc');
      await arrived(desk, 'doc', 1, ['b'], 'b-1');
      expect(await arrived(desk, 'doc', 1, ['c'])).toBe(false);
      expect(await arrived(desk, 'doc', 1, ['a'], 'a')).toBe(true);
      expect(await desk.registry.arrears.count('b')).toBe(1);
      await arrived(desk, 'doc', 1, ['b'], 'b-1');
      expect(await desk.registry.arrears.count('b')).toBe(1);
      await arrived(desk, 'doc', 1, ['b'], 'b-2');
      expect(await desk.registry.arrears.count('b')).toBe(0);
    });

    it('keeps nothing from serving that is deleted, or that was owed to a model given up', async () => {
      const desk = await begin();
      for (const document of ['gone', 'kept']) {
        await embedded(desk, document);
        await arrived(desk, document, 1, ['a']);
      }
      await desk.withdraw('gone');
      expect(await desk.registry.arrears.count('b')).toBe(1);
      await desk.erase('gone', 2);
      await plan(desk, { serving: 'a' });
      await plan(desk, { serving: 'a', next });
      expect(await desk.registry.arrears.count('b')).toBe(0);
    });

    it('is in the index that serves, whatever is reported while models are switched to and fro', async () => {
      last = open();
      const walk = new SwitchingWalk([last.registry]);
      await walk.walk(6, 12);
      expect([walk.switches, walk.looks].every((count) => count > 0)).toBe(true);
    });

    it('is made good: what the back-fill found is told apart, and what is asked for again waits longer', async () => {
      const desk = await begin();
      const { arrears, modelPlan } = desk.registry;
      for (const document of ['old', 'new']) await embedded(desk, document);
      await arrived(desk, 'old', 1, ['a', 'b']);
      await arrived(desk, 'new', 1, ['a']);
      const [at, event] = [desk.now(), desk.event('wanted', 'old', 1)];
      const { plan: own, revision } = (await modelPlan.read())!;
      const lacking = ['old', 'new'].map((document) => ({ ...desk.of(document, 1), model: 'b' }));
      await modelPlan.write(own, revision, { events: [event], lacking, at });
      expect([await arrears.count('b'), await arrears.count('b', { asks: 1 })]).toEqual([2, 1]);
      expect(await arrears.due(at + 10, 10, 5)).toMatchObject([
        { document: 'new', fill: false, parsed: 'parsed-new' },
      ]);
      const due = await arrears.due(at + 11, 10, 5);
      expect(due.map(({ document }) => document).sort()).toEqual(['new', 'old']);
      await arrears.askAgain(due, at + 11, []);
      expect(await arrears.due(at + 31, 10, 5)).toEqual([]);
      expect(await arrears.due(at + 32, 10, 5)).toHaveLength(2);
      expect([await arrears.count('b', { asks: 1 }), await arrears.count('b', { asks: 2 })]).toEqual([0, 1]);
    });
  });
}

async function plan({ registry }: Desk, next: ModelPlan) {
  const revision = (await registry.modelPlan.read())?.revision ?? 0;
  return registry.modelPlan.write(next, revision);
}

async function embedded(desk: Desk, document: string, version = 1): Promise<void> {
  if (version > 1 || !(await desk.documents.status(desk.tenant, document)))
    await desk.accept(document, `text ${version}`);
  await desk.advance(document, version, 'parsed', { parsed: `parsed-${document}`, chunks: 3 });
  await desk.advance(document, version, 'embedded');
}

const arrived = (
  desk: Desk,
  document: string,
  version: number,
  models: Step['models'],
  collection?: string,
): Promise<boolean> =>
  desk.advance(document, version, 'indexed', {
    ...{ models, collection },
    wish: (model) => desk.event(`wish ${model}`, document, version),
  });

/** `b doc@1`: vectors that were asked for. */
const wishes = async (desk: Desk): Promise<string[]> =>
  (await desk.pending())
    .filter(({ topic }) => topic.startsWith('wish '))
    .map(({ topic, value }) => {
      const { document, version } = JSON.parse(value) as { document: string; version: number };
      return `${topic.slice('wish '.length)} ${document}@${version}`;
    });
