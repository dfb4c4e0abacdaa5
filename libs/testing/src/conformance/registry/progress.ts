import type { OutboxEvent, Step } from '@millrace/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function progressChecks(open: () => Desk): void {
  describe('progress', () => {
    it('goes up, is noted in the history, and ends searchable', async () => {
      const desk = open();
      await desk.accept('a', 'one', { title: 'One' });
      expect(await desk.advance('a', 1, 'parsed', { chunks: 3, parsed: 'p1' })).toBe(true);
      expect(await desk.documents.live(desk.tenant, 'a')).toBeUndefined();
      expect(await desk.advance('a', 1, 'embedded')).toBe(true);
      expect(await desk.advance('a', 1, 'indexed')).toBe(true);
      expect(await desk.status('a')).toMatchObject({ state: 'indexed', chunks: 3, live_version: 1 });
      expect(await desk.history('a')).toEqual(['1 accepted', '1 parsed', '1 embedded', '1 indexed']);
      expect(await desk.documents.live(desk.tenant, 'a')).toEqual({ version: 1, title: 'One', parsed: 'p1' });
    });

    it('does not change when a step is repeated or comes late', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.index('a', 1);
      for (const state of ['parsed', 'embedded', 'indexed'] as const)
        expect(await desk.advance('a', 1, state)).toBe(false);
      expect(await desk.stateOf('a')).toBe('indexed');
      expect(await desk.history('a')).toHaveLength(4);
    });

    it('keeps what a late step brings', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.advance('a', 1, 'indexed');
      await desk.advance('a', 1, 'parsed', { chunks: 7, parsed: 'p1' });
      expect(await desk.status('a')).toMatchObject({ state: 'indexed', chunks: 7 });
      expect(await desk.documents.live(desk.tenant, 'a')).toMatchObject({ parsed: 'p1' });
    });

    it('ends the same in whatever order and however often the steps come', async () => {
      const desk = open();
      const steps: Step['state'][] = ['parsed', 'parsed', 'embedded', 'embedded', 'indexed', 'indexed'];
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.shuffledSubarray(steps, { minLength: 6 }), async (order) => {
          const document = `doc-${run++}`;
          await desk.accept(document, 'one');
          for (const state of order)
            await desk.advance(document, 1, state, state === 'parsed' ? { chunks: 2, parsed: 'p' } : {});
          expect(await desk.status(document)).toMatchObject({ state: 'indexed', chunks: 2, live_version: 1 });
          expect(await desk.documents.live(desk.tenant, document)).toMatchObject({ parsed: 'p' });
        }),
        { numRuns: 20 },
      );
    });

    it('knows nothing of versions that were never accepted', async () => {
      const desk = open();
      expect(await desk.advance('never', 1, 'indexed')).toBe(false);
      await desk.accept('a', 'one');
      expect(await desk.advance('a', 2, 'indexed')).toBe(false);
      expect(await desk.documents.status(desk.tenant, 'never')).toBeUndefined();
    });

    it('makes the newest indexed version live and ends the ones it overtook', async () => {
      const desk = open();
      for (const content of ['one', 'two', 'three']) await desk.accept('a', content);
      await desk.index('a', 1);
      expect(await desk.status('a')).toMatchObject({ version: 3, state: 'accepted', live_version: 1 });
      await desk.index('a', 3);
      expect(await desk.status('a')).toMatchObject({ version: 3, state: 'indexed', live_version: 3 });
      const states = (await desk.documents.versions(desk.tenant, 'a')).map(({ state }) => state);
      expect(states).toEqual(['deleted', 'deleted', 'indexed']);
      expect(await desk.advance('a', 2, 'indexed')).toBe(false);
      expect(await desk.status('a')).toMatchObject({ live_version: 3 });
    });

    it('leaves a newer version alone when an older one becomes searchable', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.accept('a', 'two');
      await desk.index('a', 1);
      const states = (await desk.documents.versions(desk.tenant, 'a')).map(({ state }) => state);
      expect(states).toEqual(['indexed', 'accepted']);
    });

    it('ends a version that turned out to be superseded', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.accept('a', 'two');
      expect(await desk.advance('a', 1, 'deleted')).toBe(true);
      expect(await desk.stateOf('a')).toBe('accepted');
      expect(await desk.stalled()).toHaveLength(1);
    });

    it('drops the records of overtaken versions, and of no others', async () => {
      const desk = open();
      for (const content of ['one', 'two', 'three']) await desk.accept('a', content);
      await desk.index('a', 2);
      await desk.documents.forget(desk.tenant, 'a', [1, 2, 3]);
      const kept = await desk.documents.versions(desk.tenant, 'a');
      expect(kept.map(({ version }) => version)).toEqual([2, 3]);
      expect(await desk.advance('a', 1, 'indexed')).toBe(false);
    });
  });

  describe('what stands still', () => {
    const resume: OutboxEvent = { topic: 'resume', key: 'k', value: '{}', headers: {} };

    it('is listed oldest first, without what is final', async () => {
      const desk = open();
      for (const document of ['a', 'b', 'c', 'd']) await desk.accept(document, 'one');
      await desk.withdraw('b');
      await desk.index('c', 1);
      await desk.fail('d', 1);
      await desk.advance('a', 1, 'parsed');
      const stalled = await desk.stalled();
      expect(stalled.map(({ document, version }) => `${document} ${version}`)).toEqual(['b 1', 'b 2', 'a 1']);
      expect(stalled.map(({ resume: { topic } }) => topic)).toEqual(['accepted', 'withdrawn', 'accepted']);
    });

    it('is only what was untouched since the given time', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const between = desk.now();
      await desk.accept('b', 'one');
      const stalled = await desk.stalled(between);
      expect(stalled.map(({ document }) => document)).toEqual(['a']);
    });

    it('is sent again from its state, and counted until it moves', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.advance('a', 1, 'parsed', { resume });
      const [stalled] = await desk.stalled();
      expect(stalled).toMatchObject({ resends: 0, resume });
      expect(await desk.documents.resend(stalled!, desk.now())).toBe(true);
      expect((await desk.registry.outbox.pending(1000)).map(({ topic }) => topic)).toContain('resume');
      const [again] = await desk.stalled();
      expect(again).toMatchObject({ resends: 1 });
      await desk.advance('a', 1, 'embedded', { resume });
      const [moved] = await desk.stalled();
      expect(moved).toMatchObject({ resends: 0, state: 'embedded' });
    });

    it('is not sent again once it has moved', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const [stalled] = await desk.stalled();
      await desk.advance('a', 1, 'parsed');
      expect(await desk.documents.resend(stalled!, desk.now())).toBe(false);
      expect(await desk.announced('a')).toEqual(['accepted 1']);
    });
  });
}
