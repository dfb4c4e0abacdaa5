import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function readingChecks(open: () => Desk): void {
  describe('reading', () => {
    it('lists documents by id in pages, by state, without a trace of other tenants', async () => {
      const [desk, other] = [open(), open()];
      for (const document of ['c', 'a', 'b', 'd']) await desk.accept(document, 'one', { title: document });
      await other.accept('a', 'one');
      await desk.index('b', 1);
      const ids = async (page: object) =>
        (await desk.documents.list(desk.tenant, { limit: 100, ...page })).map(({ id }) => id);
      expect(await ids({})).toEqual(['a', 'b', 'c', 'd']);
      expect(await ids({ limit: 2 })).toEqual(['a', 'b']);
      expect(await ids({ limit: 2, cursor: 'b' })).toEqual(['c', 'd']);
      expect(await ids({ state: 'accepted' })).toEqual(['a', 'c', 'd']);
      expect(await ids({ state: 'accepted', cursor: 'a', limit: 1 })).toEqual(['c']);
      const [, second] = await desk.documents.list(desk.tenant, { limit: 2 });
      expect(second).toEqual({
        id: 'b',
        version: 1,
        state: 'indexed',
        chunks: 0,
        live_version: 1,
        title: 'b',
      });
    });

    it('tells sources that no version has from those of all that are on record', async () => {
      const desk = open();
      const sources = [];
      for (const content of ['one', 'two']) {
        const change = desk.change('a', content);
        await desk.documents.accept(change);
        sources.push(change.source);
      }
      const unknown = `${desk.tenant}/never-registered`;
      expect(await desk.documents.unknownSources([unknown, ...sources])).toEqual([unknown]);
      expect(await desk.documents.unknownSources([])).toEqual([]);
      const many = Array.from({ length: 1_000 }, (_, n) => `${desk.tenant}/none-${n}`);
      expect(await desk.documents.unknownSources(many)).toEqual(many);
    });

    it('counts documents by the state of their newest version', async () => {
      const desk = open();
      for (const document of ['a', 'b', 'c', 'd']) await desk.accept(document, 'one');
      await desk.index('a', 1);
      await desk.index('b', 1);
      await desk.accept('b', 'two');
      await desk.fail('c', 1);
      await desk.withdraw('d');
      await desk.erase('d', 2);
      expect(await desk.documents.counts(desk.tenant)).toEqual({
        ...{ accepted: 1, parsed: 0, embedded: 0, indexed: 1, deleted: 1, 'dead-lettered': 1 },
      });
      expect((await desk.documents.counts()).indexed).toBeGreaterThanOrEqual(1);
    });

    it('counts what is unfinished of one tenant, no further than asked', async () => {
      const desk = open();
      for (const document of ['a', 'b', 'c', 'd', 'e']) await desk.accept(document, 'one');
      await desk.index('a', 1);
      await desk.fail('b', 1);
      await desk.advance('c', 1, 'parsed', { parsed: 'p1' });
      expect(await desk.documents.unfinished(desk.tenant, 100)).toBe(3);
      expect(await desk.documents.unfinished(desk.tenant, 2)).toBe(2);
      expect(await desk.documents.unfinished('another', 100)).toBe(0);
      await desk.accept('a', 'two');
      expect(await desk.documents.unfinished(desk.tenant, 100)).toBe(4);
    });

    it('knows sources and times of the versions on record', async () => {
      const desk = open();
      const at = desk.now();
      await desk.accept('a', 'one', { at, source: 's1' });
      await desk.advance('a', 1, 'parsed', { parsed: 'p1' });
      await desk.withdraw('a');
      expect(await desk.documents.versions(desk.tenant, 'a')).toMatchObject([
        { ...desk.of('a', 1), operation: 'upsert', source: 's1', parsed: 'p1', acceptedAt: at },
        { ...desk.of('a', 2), operation: 'delete', source: undefined, parsed: undefined },
      ]);
      expect(await desk.documents.versions(desk.tenant, 'never')).toEqual([]);
    });

    it('takes ids and titles of any letters', async () => {
      const desk = open();
      const document = "quote's/käse 🧀 = ø@x.y";
      await desk.accept(document, 'one', { title: "Title's; drop table documents --" });
      expect(await desk.status(document)).toMatchObject({
        id: document,
        title: "Title's; drop table documents --",
      });
      expect(await desk.registry.healthy()).toBe(true);
    });
  });
}
