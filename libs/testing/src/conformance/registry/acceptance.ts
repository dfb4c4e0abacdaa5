import { errorCode } from '../error-code.ts';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function acceptanceChecks(open: () => Desk): void {
  describe('accepting', () => {
    it('registers new content as the next version, with its event and nothing else', async () => {
      const desk = open();
      expect(await desk.accept('a', 'one', { title: 'One' })).toEqual({
        ...{ document: 'a', version: 1, state: 'accepted', outcome: 'accepted' },
      });
      expect((await desk.accept('a', 'two')).version).toBe(2);
      expect(await desk.announced('a')).toEqual(['accepted 1', 'accepted 2']);
      expect(await desk.status('a')).toMatchObject({ id: 'a', version: 2, state: 'accepted', chunks: 0 });
      expect(await desk.history('a')).toEqual(['1 accepted', '2 accepted']);
    });

    it('keeps the version when the newest has the same content, and says which source is spare', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const again = await desk.accept('a', 'one', { source: 'second-upload' });
      expect(again).toEqual({
        ...{ document: 'a', version: 1, state: 'accepted', outcome: 'duplicate', spare: 'second-upload' },
      });
      await desk.index('a', 1);
      expect(await desk.accept('a', 'one')).toMatchObject({
        version: 1,
        state: 'indexed',
        outcome: 'duplicate',
      });
      expect(await desk.announced('a')).toEqual(['accepted 1']);
    });

    it('compares with the newest version only', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.accept('a', 'two');
      expect(await desk.accept('a', 'one')).toMatchObject({ version: 3, outcome: 'accepted' });
    });

    it('says where the text of the live version lies when the body is the same', async () => {
      const desk = open();
      const told: (string | undefined)[] = [];
      const accept = (content: string, bodyHash: string) =>
        desk.accept('a', content, {
          bodyHash,
          announce: (version, earlier) => {
            told[version] = earlier;
            return desk.event('accepted', 'a', version);
          },
        });
      await accept('one', 'body');
      await accept('one, for all', 'body');
      await desk.advance('a', 1, 'parsed', { parsed: 'text-1' });
      await desk.index('a', 1);
      await accept('one, for some', 'body');
      await accept('one, for none', 'body');
      await accept('two', 'other body');
      await desk.advance('a', 4, 'parsed', { parsed: 'text-4' });
      await desk.index('a', 4);
      await accept('one, for you', 'body');
      expect(told.slice(1)).toEqual([undefined, undefined, 'text-1', 'text-1', undefined, 'text-4']);
    });

    it('never takes the content before a delete for a duplicate', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.withdraw('a');
      expect(await desk.accept('a', 'one')).toMatchObject({ version: 3, outcome: 'accepted' });
    });

    it('sets a dead-lettered version going again, with its new source', async () => {
      const desk = open();
      await desk.accept('a', 'one', { source: 'first' });
      await desk.fail('a', 1);
      const again = await desk.accept('a', 'one', { source: 'second' });
      expect(again).toEqual({
        ...{ document: 'a', version: 1, state: 'accepted', outcome: 'restarted', spare: 'first' },
      });
      expect(await desk.announced('a')).toEqual(['accepted 1', 'accepted 1']);
      const status = await desk.status('a');
      expect(status.state).toBe('accepted');
      expect(status.reason).toBeUndefined();
      expect(await desk.registry.deadLetters.page({ tenant: desk.tenant, limit: 10 })).toEqual([]);
      expect((await desk.documents.versions(desk.tenant, 'a'))[0]).toMatchObject({ source: 'second' });
      await desk.index('a', 1);
      expect(await desk.stateOf('a')).toBe('indexed');
    });

    it('accepts the next version beside a dead-lettered one', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.fail('a', 1);
      expect(await desk.accept('a', 'two')).toMatchObject({ version: 2, outcome: 'accepted' });
      expect(await desk.stateOf('a')).toBe('accepted');
    });

    it('gives twenty at once the versions 1 to 20', async () => {
      const desk = open();
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => desk.accept('a', `content ${n}`)));
      const versions = Array.from({ length: 20 }, (_, n) => n + 1);
      expect(all.map(({ version }) => version).sort((a, b) => a - b)).toEqual(versions);
      expect(await desk.announced('a')).toEqual(versions.map((version) => `accepted ${version}`));
    });

    it('makes one version of the same content twenty times at once', async () => {
      const desk = open();
      const all = await Promise.all(Array.from({ length: 20 }, () => desk.accept('a', 'one')));
      expect(all.map(({ outcome }) => outcome).filter((outcome) => outcome === 'accepted')).toHaveLength(1);
      expect(new Set(all.map(({ version }) => version))).toEqual(new Set([1]));
      expect(await desk.announced('a')).toEqual(['accepted 1']);
    });

    it('keeps tenants apart under the same id', async () => {
      const [red, blue] = [open(), open()];
      await red.accept('a', 'one');
      await red.accept('a', 'two');
      expect(await blue.accept('a', 'two')).toMatchObject({ version: 1, outcome: 'accepted' });
      expect(await blue.documents.status(blue.tenant, 'a')).toMatchObject({ version: 1 });
    });

    it('refuses a source that began to be stored before a delete, and takes it when it was stored again', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const early = desk.now();
      await desk.withdraw('a');
      const refused = await desk.documents.accept(desk.change('a', 'two', { at: early }));
      expect(refused).toMatchObject({ outcome: 'before-delete' });
      const deletedAt = refused.outcome === 'before-delete' ? refused.deletedAt : 0;
      expect(deletedAt).toBeGreaterThan(early);
      expect(await desk.stateOf('a')).toBe('accepted');
      expect(await desk.accept('a', 'two', { at: deletedAt })).toMatchObject({ version: 3 });
    });
  });

  describe('accepting under an idempotency key', () => {
    const under = (key: string, requestHash: string) => ({ idempotency: { key, requestHash } });

    it('gives the same request the same answer, whatever id was made for it', async () => {
      const desk = open();
      const first = await desk.accept('a', 'one', under('k', 'r'));
      const again = await desk.accept('made-anew', 'one', { ...under('k', 'r'), source: 'unused' });
      expect(again).toEqual({ ...first, outcome: 'repeated', spare: 'unused' });
      expect(await desk.documents.status(desk.tenant, 'made-anew')).toBeUndefined();
      expect(await desk.announced()).toEqual(['accepted 1']);
    });

    it('gives the first answer even when the document has changed since', async () => {
      const desk = open();
      await desk.accept('a', 'one', under('k', 'r'));
      await desk.accept('a', 'two');
      expect(await desk.accept('a', 'one', under('k', 'r'))).toMatchObject({
        version: 1,
        outcome: 'repeated',
      });
      expect(await desk.stateOf('a')).toBe('accepted');
    });

    it('refuses another request under the same key, and leaves no trace of it', async () => {
      const desk = open();
      await desk.accept('a', 'one', under('k', 'r'));
      expect(await errorCode(desk.accept('b', 'two', under('k', 'other')))).toBe('idempotency_conflict');
      expect(await desk.documents.status(desk.tenant, 'b')).toBeUndefined();
      expect(await desk.documents.list(desk.tenant, { limit: 10 })).toHaveLength(1);
    });

    it('carries out one of ten requests at once', async () => {
      const desk = open();
      const all = await Promise.all(
        Array.from({ length: 10 }, (_, n) => desk.accept(`made-${n}`, 'one', under('k', 'r'))),
      );
      expect(new Set(all.map(({ document }) => document)).size).toBe(1);
      expect(await desk.documents.list(desk.tenant, { limit: 10 })).toHaveLength(1);
    });

    it('keeps keys of tenants apart', async () => {
      const [red, blue] = [open(), open()];
      await red.accept('a', 'one', under('k', 'r'));
      expect(await blue.accept('a', 'two', under('k', 'other'))).toMatchObject({ outcome: 'accepted' });
    });

    it('forgets a key after 24 hours', async () => {
      const desk = open();
      await desk.accept('a', 'one', under('k', 'r'));
      const later = desk.now() + 24 * 3600 * 1000 + 60_000;
      const next = await desk.accept('a', 'two', { ...under('k', 'other'), at: later });
      expect(next).toMatchObject({ version: 2, outcome: 'accepted' });
    });

    it('keeps no key of a request that was refused because of a delete', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const early = desk.now();
      await desk.withdraw('a');
      await desk.documents.accept(desk.change('a', 'two', { at: early, ...under('k', 'r') }));
      expect(await desk.accept('a', 'two', under('k', 'r'))).toMatchObject({
        version: 3,
        outcome: 'accepted',
      });
    });
  });
}
