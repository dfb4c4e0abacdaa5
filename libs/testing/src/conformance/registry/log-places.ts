import type { LogPlace } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

/** What comes again out of the same record changes nothing; what stands further on in the log was said there. */
export function logPlaceChecks(open: () => Desk): void {
  describe('an event out of the log', () => {
    it('that comes again leaves the time at which its document was said', async () => {
      const desk = open();
      await push(desk, 'A', place(1));
      const before = await saidAt(desk);
      expect(await push(desk, 'A', place(1))).toMatchObject({ outcome: 'repeated' });
      expect(await saidAt(desk)).toBe(before);
    });

    it('that stands twice in the log was said the second time', async () => {
      const desk = open();
      await push(desk, 'A', place(1));
      const givenUpAt = desk.now();
      expect(await push(desk, 'A', place(2))).toMatchObject({ outcome: 'repeated' });
      const late = { key: 'B', requestHash: 'B', givenUpAt };
      expect(await desk.accept('a', 'between', { event: late })).toMatchObject({ outcome: 'overtaken' });
      const before = await saidAt(desk);
      await push(desk, 'A', place(1));
      await push(desk, 'A', place(2));
      await push(desk, 'A');
      expect(await saidAt(desk)).toBe(before);
    });

    it('that stands twice in the log leaves what came between', async () => {
      const desk = open();
      await push(desk, 'A', place(1));
      await push(desk, 'B', place(2));
      const before = await saidAt(desk);
      expect(await push(desk, 'A', place(3))).toMatchObject({ version: 1, outcome: 'repeated' });
      expect(await saidAt(desk)).toBe(before);
    });

    it('that failed at first, and comes again, is too late where the log has gone on', async () => {
      const desk = open();
      await push(desk, 'B', place(2));
      expect(await push(desk, 'A', place(1))).toMatchObject({ version: 1, outcome: 'overtaken' });
      expect(await push(desk, 'C', place(3))).toMatchObject({ version: 2, outcome: 'accepted' });
    });

    it.each([
      ['in a topic that was made anew', { ...place(1), timestamp: 9_000 }],
      ['in another partition', { ...place(1), partition: 1 }],
    ])('is taken %s', async (_, elsewhere) => {
      const desk = open();
      await push(desk, 'A', place(7));
      expect(await push(desk, 'B', elsewhere)).toMatchObject({ outcome: 'accepted' });
      expect(await push(desk, 'C', { ...elsewhere, offset: 0 })).toMatchObject({ outcome: 'overtaken' });
    });

    it('is behind also when its sender’s clock was ahead of those that came after it', async () => {
      const desk = open();
      await push(desk, 'A', { ...place(1), timestamp: 9_000 });
      await push(desk, 'B', place(2));
      const before = await saidAt(desk);
      await push(desk, 'A', { ...place(1), timestamp: 9_000 });
      expect(await push(desk, 'B', place(2))).toMatchObject({ outcome: 'repeated' });
      expect(await saidAt(desk)).toBe(before);
    });

    it('that is replayed goes by its time alone', async () => {
      const desk = open();
      const [early, late] = [desk.now(), desk.now()];
      const replay = (key: string, givenUpAt: number, offset: number) =>
        desk.accept('a', key, { event: { key, requestHash: key, givenUpAt, place: place(offset) } });
      await replay('A', early, 9);
      expect(await replay('B', late, 8)).toMatchObject({ version: 2, outcome: 'accepted' });
      const before = await saidAt(desk);
      expect(await replay('B', late, 10)).toMatchObject({ outcome: 'repeated' });
      expect(await saidAt(desk)).toBe(before);
    });
  });
}

const place = (offset: number): LogPlace => ({ partition: 0, offset, timestamp: 1_000 + offset });

const push = (desk: Desk, key: string, where?: LogPlace) =>
  desk.accept('a', key, { event: { key, requestHash: key, ...(where && { place: where }) } });

const saidAt = async (desk: Desk): Promise<number> =>
  (await desk.documents.versions(desk.tenant, 'a')).at(-1)!.saidAt;
