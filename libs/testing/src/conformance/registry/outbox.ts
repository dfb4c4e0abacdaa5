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
      expect(await desk.relayed(100_000)).toEqual(pending);
      expect(await desk.pending()).toEqual([]);
    });

    it('keeps what the log did not take', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const away = new Error('the log is away');
      const publish = () => Promise.reject(away);
      await expect(desk.registry.outbox.relay(10, publish)).rejects.toBe(away);
      expect(await desk.announced()).toEqual(['accepted 1']);
      expect(await desk.relayed(100_000)).toHaveLength(1);
    });

    it('is relayed by one at a time, and takes changes meanwhile', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const others: number[] = [];
      await desk.registry.outbox.relay(100_000, async () => {
        others.push(await desk.registry.outbox.relay(100_000, () => Promise.resolve()));
        await desk.accept('a', 'two');
      });
      expect(others).toEqual([0]);
      expect(await desk.announced()).toEqual(['accepted 2']);
    });

    it('gives no more than asked for', async () => {
      const desk = open();
      for (const document of ['a', 'b', 'c']) await desk.accept(document, 'one');
      expect(await desk.registry.outbox.pending(2)).toHaveLength(2);
      await desk.relayed(100_000);
      for (const document of ['a', 'b', 'c']) await desk.accept(document, 'two');
      expect(await desk.relayed(2)).toHaveLength(2);
      expect(await desk.announced()).toEqual(['accepted 2']);
    });

    it('takes empty lists', async () => {
      const desk = open();
      await desk.registry.outbox.add([]);
      expect(await desk.pending()).toEqual([]);
      expect(await desk.relayed(10)).toEqual([]);
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
