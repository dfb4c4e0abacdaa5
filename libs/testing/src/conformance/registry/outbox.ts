import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function outboxChecks(open: () => Desk): void {
  describe('the outbox', () => {
    it('gives events as they were put in, oldest first, until they are relayed', async () => {
      const desk = open();
      await desk.registry.outbox.add([desk.event('x', 'a', 1), desk.event('y', 'b', 1)]);
      await desk.accept('c', 'one');
      const pending = await desk.pending();
      expect(pending.map(({ id: _id, ...event }) => event)).toEqual([
        desk.event('x', 'a', 1),
        desk.event('y', 'b', 1),
        desk.event('accepted', 'c', 1),
      ]);
      await desk.registry.outbox.relayed([pending[0]!.id, pending[2]!.id]);
      expect(await desk.announced()).toEqual(['y 1']);
      await desk.registry.outbox.relayed([pending[0]!.id]);
      expect(await desk.announced()).toEqual(['y 1']);
    });

    it('gives no more than asked for', async () => {
      const desk = open();
      for (const document of ['a', 'b', 'c']) await desk.accept(document, 'one');
      expect(await desk.registry.outbox.pending(2)).toHaveLength(2);
    });

    it('takes empty lists', async () => {
      const desk = open();
      await desk.registry.outbox.add([]);
      await desk.registry.outbox.relayed([]);
      expect(await desk.pending()).toEqual([]);
    });

    it('keeps the order of a document under many changes at once', async () => {
      const desk = open();
      const changes = Array.from({ length: 200 }, (_, n) => desk.accept(`doc-${n % 7}`, `content ${n}`));
      await Promise.all(changes);
      for (let n = 0; n < 7; n++) {
        const announced = await desk.announced(`doc-${n}`);
        expect(announced).toEqual(announced.map((_, index) => `accepted ${index + 1}`));
      }
      expect(await desk.pending()).toHaveLength(200);
    });
  });
}
