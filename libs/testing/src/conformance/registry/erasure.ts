import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function erasureChecks(open: () => Desk): void {
  describe('deleting', () => {
    it('is a version of its own with its event', async () => {
      const desk = open();
      await desk.accept('a', 'one', { title: 'One' });
      await desk.index('a', 1);
      expect(await desk.withdraw('a')).toEqual({
        ...{ document: 'a', version: 2, state: 'accepted', outcome: 'accepted' },
      });
      expect(await desk.announced('a')).toEqual(['accepted 1', 'withdrawn 2']);
      expect(await desk.status('a')).toMatchObject({ version: 2, state: 'accepted', live_version: 1 });
      expect((await desk.status('a')).title).toBeUndefined();
    });

    it('answers undefined for what was never there', async () => {
      const desk = open();
      expect(await desk.withdraw('never')).toBeUndefined();
      expect(await desk.pending()).toEqual([]);
    });

    it('happens once however often it is asked for', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.withdraw('a');
      expect(await desk.withdraw('a')).toMatchObject({ version: 2, outcome: 'duplicate' });
      await desk.erase('a', 2);
      expect(await desk.withdraw('a')).toMatchObject({ version: 2, state: 'deleted', outcome: 'duplicate' });
      expect(await desk.announced('a')).toEqual(['accepted 1', 'withdrawn 2']);
    });

    it('is set going again when it had failed', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.withdraw('a');
      await desk.fail('a', 2);
      expect(await desk.withdraw('a')).toMatchObject({ version: 2, state: 'accepted', outcome: 'restarted' });
      expect(await desk.announced('a')).toEqual(['accepted 1', 'withdrawn 2', 'withdrawn 2']);
    });

    it('leaves nothing of earlier versions, and a receipt', async () => {
      const desk = open();
      await desk.accept('a', 'one', { title: 'Planted title' });
      await desk.fail('a', 1);
      await desk.accept('a', 'two', { title: 'Planted title' });
      await desk.index('a', 2);
      await desk.withdraw('a');
      expect(await desk.documents.receipt(desk.tenant, 'a')).toBeUndefined();
      await desk.erase('a', 3);
      const status = await desk.status('a');
      expect(status).toMatchObject({ version: 3, state: 'deleted', chunks: 0 });
      expect(status.live_version).toBeUndefined();
      expect(await desk.history('a')).toEqual(['3 accepted', '3 deleted']);
      expect(await desk.documents.live(desk.tenant, 'a')).toBeUndefined();
      expect(await desk.documents.versions(desk.tenant, 'a')).toHaveLength(1);
      expect(await desk.registry.deadLetters.page({ tenant: desk.tenant, limit: 10 })).toEqual([]);
      expect(await desk.documents.receipt(desk.tenant, 'a')).toMatchObject({
        version: 3,
        removed: [
          { what: 'versions', count: 2 },
          { what: 'deadLetters', count: 0 },
        ],
      });
      expect(JSON.stringify([status, await desk.documents.list(desk.tenant, { limit: 9 })])).not.toContain(
        'Planted',
      );
    });

    it('counts the dead letters that went', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.fail('a', 1);
      await desk.withdraw('a');
      await desk.erase('a', 2);
      const { removed } = (await desk.documents.receipt(desk.tenant, 'a'))!;
      expect(removed).toContainEqual({ store: 'registry', what: 'deadLetters', count: 1 });
    });

    it('changes nothing the second time', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.withdraw('a');
      await desk.erase('a', 2);
      const receipt = await desk.documents.receipt(desk.tenant, 'a');
      await desk.erase('a', 2);
      expect(await desk.documents.receipt(desk.tenant, 'a')).toEqual(receipt);
    });

    it('cannot be undone by late messages of earlier versions', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.withdraw('a');
      await desk.erase('a', 2);
      for (const state of ['parsed', 'embedded', 'indexed'] as const)
        expect(await desk.advance('a', 1, state, { parsed: 'p', chunks: 1 })).toBe(false);
      expect(await desk.fail('a', 1)).toBe(false);
      expect(await desk.status('a')).toMatchObject({ state: 'deleted', chunks: 0 });
      expect(await desk.documents.versions(desk.tenant, 'a')).toHaveLength(1);
    });

    it('is not over when only its version was overtaken', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.withdraw('a');
      await desk.accept('a', 'two');
      await desk.index('a', 3);
      expect(await desk.documents.versions(desk.tenant, 'a')).toMatchObject([
        { version: 1, state: 'deleted' },
        { version: 2, state: 'accepted', operation: 'delete' },
        { version: 3, state: 'indexed' },
      ]);
      await desk.erase('a', 2);
      expect(await desk.documents.receipt(desk.tenant, 'a')).toMatchObject({ version: 2 });
      expect(await desk.status('a')).toMatchObject({ version: 3, state: 'indexed', live_version: 3 });
      expect(await desk.history('a')).toEqual([
        ...['2 accepted', '2 deleted', '3 accepted', '3 parsed', '3 embedded', '3 indexed'],
      ]);
    });

    it('lets the document come again under the next number', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.withdraw('a');
      await desk.erase('a', 2);
      expect(await desk.accept('a', 'one')).toMatchObject({ version: 3, outcome: 'accepted' });
      await desk.index('a', 3);
      expect(await desk.status('a')).toMatchObject({ version: 3, live_version: 3 });
      await desk.withdraw('a');
      await desk.erase('a', 4);
      expect(await desk.documents.receipt(desk.tenant, 'a')).toMatchObject({ version: 4 });
    });
  });
}
