import type { ModelPlan } from '@millrace/contracts';
import { describe, expect, it, vi } from 'vitest';
import type { Desk } from './fixtures.ts';

export function modelPlanChecks(open: () => Desk): void {
  describe('the plan of models', () => {
    const serving = (model: string): ModelPlan => ({ serving: model });

    /** It is one for the whole registry, which other tests may share. */
    const start = async ({ registry }: Desk) => (await registry.modelPlan.read())?.revision ?? 0;

    it('is replaced by who read it last, together with its events, and by nobody else', async () => {
      const desk = open();
      const { modelPlan, outbox } = desk.registry;
      const revision = await start(desk);
      const event = desk.event('switched', 'model', 1);
      expect(await modelPlan.write(serving('a'), revision, { events: [event] })).toBe('written');
      const lost = desk.event('lost', 'model', 1);
      expect(await modelPlan.write(serving('b'), revision, { events: [lost] })).toBe('overtaken');
      expect(await modelPlan.read()).toEqual({ plan: serving('a'), revision: revision + 1 });
      const pending = (await outbox.pending(10_000)).map(({ topic }) => topic);
      expect(pending).toContain(event.topic);
      expect(pending).not.toContain(lost.topic);
    });

    it('is written by one of many at once', async () => {
      const desk = open();
      const { modelPlan } = desk.registry;
      const revision = await start(desk);
      const names = ['a', 'b', 'c', 'd'];
      const written = await Promise.all(names.map((name) => modelPlan.write(serving(name), revision)));
      expect(written.filter((one) => one === 'written')).toHaveLength(1);
      expect((await modelPlan.read())?.plan).toEqual(serving(names[written.indexOf('written')]!));
    });
  });

  describe('what can be searched', () => {
    it('is listed over all tenants, in pages, as it is live, without what is being deleted', async () => {
      const [desk, other] = [open(), open()].sort((a, b) => (a.tenant < b.tenant ? -1 : 1)) as [Desk, Desk];
      for (const document of ['b', 'a', 'z', 'waiting']) await desk.accept(document, 'one');
      await other.accept('a', 'one');
      for (const document of ['b', 'z']) await parsedAndIndexed(desk, document, 1);
      const indexedAt = await parsedAndIndexed(desk, 'a', 1);
      await parsedAndIndexed(other, 'a', 1);
      await desk.accept('b', 'two');
      await desk.withdraw('z');
      const own = async (after?: { tenant: string; document: string }, limit = 10_000) =>
        (await desk.documents.allLive(after, limit))
          .filter(({ tenant }) => [desk.tenant, other.tenant].includes(tenant))
          .map(({ tenant, document, version, parsed, chunks }) => [
            tenant,
            document,
            version,
            parsed,
            chunks,
          ]);
      const all = [
        [desk.tenant, 'a', 1, 'parsed-a', 3],
        [desk.tenant, 'b', 1, 'parsed-b', 3],
        [other.tenant, 'a', 1, 'parsed-a', 3],
      ];
      expect(await own()).toEqual(all);
      expect(await own({ tenant: desk.tenant, document: 'a' })).toEqual(all.slice(1));
      expect(await own({ tenant: desk.tenant, document: 'a' }, 1)).toEqual(all.slice(1, 2));
      const [first] = await desk.documents.allLive({ tenant: desk.tenant, document: '' }, 1);
      expect(first?.updatedAt).toBe(indexedAt);
    });

    it('is counted', async () => {
      const desk = open();
      await desk.accept('waiting', 'one');
      await desk.accept('found', 'one');
      await parsedAndIndexed(desk, 'found', 1);
      // Other specs write to the same registry meanwhile.
      await vi.waitFor(async () => {
        const counted = await desk.documents.countLive();
        expect(await desk.documents.allLive(undefined, 100_000)).toHaveLength(counted);
        expect(counted).toBeGreaterThan(0);
      });
    });
  });
}

/** Resolves to when it was indexed. */
async function parsedAndIndexed(desk: Desk, document: string, version: number): Promise<number> {
  await desk.advance(document, version, 'parsed', { parsed: `parsed-${document}`, chunks: 3 });
  const at = desk.now();
  await desk.advance(document, version, 'indexed', { chunks: 3, at });
  return at;
}
