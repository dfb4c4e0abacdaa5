import type { DeadLetterRecord, LogPlace } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

/** A record that failed for something that was mended meanwhile, and comes again because its batch was not committed. */
export function failedRecordChecks(open: () => Desk): void {
  describe('a record that failed and comes again', () => {
    it('is said when it was given up, and its letter goes', async () => {
      const desk = open();
      await desk.accept('a', 'before');
      const { place } = await failed(desk);
      expect(await push(desk, 'A', place)).toMatchObject({ version: 2, outcome: 'accepted' });
      expect(await left(desk)).toEqual([]);
    });

    it.each([
      ['newer content', (desk: Desk) => desk.accept('a', 'newer')],
      ['a delete', (desk: Desk) => desk.withdraw('a')],
    ])('leaves what came since, %s, and its letter goes', async (_, change) => {
      const desk = open();
      await desk.accept('a', 'before');
      const { place } = await failed(desk);
      await change(desk);
      expect(await push(desk, 'A', place)).toMatchObject({ version: 2, outcome: 'overtaken' });
      expect(await remove(desk, 'A', place)).toMatchObject({ version: 2, outcome: 'overtaken' });
      expect(await left(desk)).toEqual([]);
    });

    it('does nothing once its letter was sent', async () => {
      const desk = open();
      const { place, letter } = await failed(desk);
      await desk.replay(letter, desk.now());
      expect(await push(desk, 'A', place)).toMatchObject({ outcome: 'overtaken' });
      expect(await remove(desk, 'A', place)).toMatchObject({ outcome: 'overtaken' });
      expect(await desk.documents.status(desk.tenant, 'a')).toBeUndefined();
    });

    it('does nothing once its letter was erased', async () => {
      const desk = open();
      const { place } = await failed(desk);
      expect(await desk.withdraw('a')).toBeUndefined();
      expect(await push(desk, 'A', place)).toMatchObject({ outcome: 'overtaken' });
      expect(await desk.documents.status(desk.tenant, 'a')).toBeUndefined();
    });

    it('does nothing once its letter came too late for a delete', async () => {
      const desk = open();
      await desk.accept('a', 'before');
      const late = desk.pushedLetter('a');
      await desk.withdraw('a');
      await desk.erase('a', 2);
      const { place } = await failed(desk, late);
      expect(await push(desk, 'A', place)).toMatchObject({ version: 2, outcome: 'overtaken' });
    });

    it('counts as said there also where its event is known', async () => {
      const desk = open();
      await push(desk, 'A', placeAt(desk.now()));
      const between = desk.now();
      const { place } = await failed(desk);
      expect(await push(desk, 'A', place)).toMatchObject({ version: 1, outcome: 'repeated' });
      expect(await left(desk)).toEqual([]);
      const late = { key: 'B', requestHash: 'B', givenUpAt: between };
      expect(await desk.accept('a', 'between', { event: late })).toMatchObject({ outcome: 'overtaken' });
    });

    it('as a delete takes along what was said before it failed', async () => {
      const desk = open();
      const early = desk.pushedLetter('a');
      await desk.registry.deadLetters.record(early);
      const { place } = await failed(desk);
      const late = desk.pushedLetter('a');
      await desk.registry.deadLetters.record(late);
      expect(await remove(desk, 'D', place)).toMatchObject({ version: 1, outcome: 'accepted' });
      await desk.erase('a', 1);
      expect(await left(desk)).toEqual([late.id]);
    });

    it('whose sender’s clock is ahead is no younger for it', async () => {
      const desk = open();
      const place = { ...placeAt(desk.now()), timestamp: 2 * Date.now() };
      await failed(desk, desk.pushedLetter('a'), place);
      await push(desk, 'B', placeAt(desk.now()));
      expect(await push(desk, 'A', place)).toMatchObject({ version: 1, outcome: 'overtaken' });
    });
  });
}

async function failed(
  desk: Desk,
  letter = desk.pushedLetter('a'),
  place = placeAt(letter.at),
): Promise<{ readonly place: LogPlace; readonly letter: DeadLetterRecord }> {
  await desk.registry.deadLetters.record({ ...letter, origin: 'documents.v1' }, place);
  return { place, letter };
}

/** Of no other desk on the same registry. */
const placeAt = (offset: number): LogPlace => ({ partition: 0, offset, timestamp: Date.now() });

const push = (desk: Desk, key: string, place: LogPlace) =>
  desk.accept('a', key, { event: { key, requestHash: key, place } });

const remove = (desk: Desk, key: string, place: LogPlace) =>
  desk.documents.withdraw({
    ...{ tenant: desk.tenant, document: 'a', at: desk.now(), event: { key, requestHash: key, place } },
    announce: (version) => desk.event('withdrawn', 'a', version),
    audit: desk.entry(),
  });

const left = async (desk: Desk): Promise<string[]> =>
  (await desk.registry.deadLetters.page({ tenant: desk.tenant, limit: 100 })).map(({ id }) => id).sort();
