import type { DeadLetterRecord, LogPlace } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

/** Letters about no version: their records come again, and deletes take them along. */
export function pushedLetterChecks(open: () => Desk): void {
  describe('a dead letter about no version', () => {
    it('stays as it was kept first, however often its record comes', async () => {
      const desk = open();
      const first = desk.pushedLetter('a');
      const again = { ...first, at: desk.now(), saidAt: desk.now() };
      expect(await keep(desk, first)).toBe(true);
      expect(await keep(desk, again)).toBe(true);
      expect(await desk.registry.deadLetters.find(first.id)).toEqual(first);
    });

    it('is not written anew after it was sent', async () => {
      const desk = open();
      const sent = [desk.pushedLetter('a'), { ...desk.pushedLetter('b'), document: undefined }];
      for (const letter of sent) {
        await keep(desk, letter);
        expect(await desk.replay(letter, desk.now())).toBe(true);
        expect(await keep(desk, { ...letter, at: desk.now(), saidAt: desk.now() })).toBe(false);
      }
      expect(await left(desk)).toEqual([]);
    });

    it('is sent only as it was read', async () => {
      const desk = open();
      const letter = desk.pushedLetter('a');
      await keep(desk, letter);
      expect(await desk.replay({ ...letter, at: letter.at - 1 }, desk.now())).toBe(false);
      expect(await left(desk)).toEqual([letter.id]);
    });

    it('goes with the erasure of its document, if it was said before the delete, and is counted', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const [early, other] = [desk.pushedLetter('a'), desk.pushedLetter('b')];
      await desk.withdraw('a');
      const late = desk.pushedLetter('a');
      for (const letter of [early, other, late]) expect(await keep(desk, letter)).toBe(true);
      await desk.erase('a', 2);
      expect(await left(desk)).toEqual([other.id, late.id].sort());
      const { removed } = (await desk.documents.receipt(desk.tenant, 'a'))!;
      expect(removed).toContainEqual({ store: 'registry', what: 'deadLetters', count: 1 });
    });

    it('is not written anew after its erasure, nor at all when it comes too late for that', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const [kept, slow] = [desk.pushedLetter('a'), desk.pushedLetter('a')];
      await keep(desk, kept);
      await desk.withdraw('a');
      await desk.erase('a', 2);
      expect(await keep(desk, slow)).toBe(false);
      for (const letter of [kept, slow])
        expect(await keep(desk, { ...letter, at: desk.now(), saidAt: desk.now() })).toBe(false);
      await desk.accept('a', 'two');
      expect(await keep(desk, desk.pushedLetter('a'))).toBe(true);
    });

    it('of a message that was given up before is as old as that, for a delete in between', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const saidAt = desk.now();
      await desk.withdraw('a');
      await keep(desk, desk.pushedLetter('a', { saidAt }));
      await desk.erase('a', 2);
      expect(await keep(desk, desk.pushedLetter('a', { saidAt }))).toBe(false);
      expect(await left(desk)).toEqual([]);
    });

    it('stays when a delete is replayed that is older', async () => {
      const desk = open();
      const [first, second] = [desk.now(), desk.now()];
      const later = desk.pushedLetter('a');
      await keep(desk, later);
      expect(await remove(desk, 'D', { givenUpAt: first })).toMatchObject({ outcome: 'accepted' });
      await desk.erase('a', 1);
      expect(await left(desk)).toEqual([later.id]);
      expect(await remove(desk, 'E', { givenUpAt: second })).toMatchObject({ outcome: 'duplicate' });
      expect(await left(desk)).toEqual([later.id]);
    });

    it('goes with a delete that came too late, if it is older still', async () => {
      const desk = open();
      await keep(desk, desk.pushedLetter('a'));
      const givenUpAt = desk.now();
      const later = desk.pushedLetter('a');
      await keep(desk, later);
      await desk.accept('a', 'newer');
      expect(await remove(desk, 'D', { givenUpAt })).toMatchObject({ outcome: 'overtaken' });
      expect(await left(desk)).toEqual([later.id]);
    });

    it.each([
      ['over HTTP', (desk: Desk) => desk.withdraw('a')],
      ['by an event', (desk: Desk) => remove(desk, 'E')],
      ['by an event that comes twice', (desk: Desk) => remove(desk, 'D', { place: place(9) })],
    ])('goes with a second delete, %s, for which no erasure is to come', async (_, again) => {
      const desk = open();
      await remove(desk, 'D', { place: place(1) });
      await desk.erase('a', 1);
      await keep(desk, desk.pushedLetter('a'));
      await again(desk);
      expect(await left(desk)).toEqual([]);
    });

    it('stays behind any number of deletes that came at once before it', async () => {
      const desk = open();
      await remove(desk, 'D');
      await desk.erase('a', 1);
      const at = desk.now();
      const announce = (version: number) => desk.event('withdrawn', 'a', version);
      const asked = { tenant: desk.tenant, document: 'a', at, announce, audit: desk.entry() };
      await Promise.all(Array.from({ length: 20 }, () => desk.documents.withdraw(asked)));
      expect(await keep(desk, desk.pushedLetter('a'))).toBe(true);
    });

    it('goes with a delete over HTTP of what was never there', async () => {
      const desk = open();
      await keep(desk, desk.pushedLetter('a'));
      expect(await desk.withdraw('a')).toBeUndefined();
      expect(await left(desk)).toEqual([]);
      expect(await desk.documents.status(desk.tenant, 'a')).toBeUndefined();
    });

    it('stays when the delete before it comes again out of the same record', async () => {
      const desk = open();
      await remove(desk, 'D', { place: place(1) });
      await desk.erase('a', 1);
      const letter = desk.pushedLetter('a');
      await keep(desk, letter);
      expect(await remove(desk, 'D', { place: place(1) })).toMatchObject({ outcome: 'repeated' });
      expect(await left(desk)).toEqual([letter.id]);
    });

    it('goes when a delete that had failed is asked for again behind it', async () => {
      const desk = open();
      await remove(desk, 'D');
      await desk.fail('a', 1);
      await keep(desk, desk.pushedLetter('a'));
      expect(await desk.withdraw('a')).toMatchObject({ outcome: 'restarted' });
      await desk.erase('a', 1);
      expect(await left(desk)).toEqual([]);
    });
  });
}

const keep = (desk: Desk, letter: DeadLetterRecord): Promise<boolean> =>
  desk.registry.deadLetters.record(letter);

const left = async (desk: Desk): Promise<string[]> =>
  (await desk.registry.deadLetters.page({ tenant: desk.tenant, limit: 100 })).map(({ id }) => id).sort();

const place = (offset: number): LogPlace => ({ partition: 0, offset, timestamp: 1_000 + offset });

const remove = (desk: Desk, key: string, more: { givenUpAt?: number; place?: LogPlace } = {}) =>
  desk.documents.withdraw({
    ...{ tenant: desk.tenant, document: 'a', at: desk.now(), event: { key, requestHash: key, ...more } },
    announce: (version) => desk.event('withdrawn', 'a', version),
    audit: desk.entry(),
  });
