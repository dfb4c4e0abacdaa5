import type { AcceptedVersion, NewVersion } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { errorCode } from '../error-code.ts';
import type { Desk } from './fixtures.ts';

/** Events of senders: carried out once, and a series that is read again ends as it did. */
export function pushedEventChecks(open: () => Desk): void {
  describe('what events ask for', () => {
    it('is done once, whatever came after it, and gets its first answer', async () => {
      const pushes = new Pushes(open());
      expect(await pushes.upsert('A')).toMatchObject({ version: 1, outcome: 'accepted' });
      expect(await pushes.upsert('B')).toMatchObject({ version: 2, outcome: 'accepted' });
      expect(await pushes.upsert('A', { source: 'unused' })).toEqual({
        ...{ document: 'a', version: 1, state: 'accepted', outcome: 'repeated', spare: 'unused' },
      });
      expect(await pushes.desk.announced('a')).toEqual(['accepted 1', 'accepted 2']);
    });

    it('is done once also when it is a delete, and known beyond the erasure', async () => {
      const pushes = new Pushes(open());
      await pushes.upsert('A');
      expect(await pushes.remove('D')).toMatchObject({ version: 2, outcome: 'accepted' });
      await pushes.desk.erase('a', 2);
      expect(await pushes.upsert('A')).toMatchObject({ version: 1, state: 'accepted', outcome: 'repeated' });
      await pushes.upsert('B');
      expect(await pushes.remove('D')).toMatchObject({ version: 2, outcome: 'repeated' });
      expect(await pushes.desk.stateOf('a')).toBe('accepted');
      expect(await pushes.desk.announced('a')).toEqual(['accepted 1', 'withdrawn 2', 'accepted 3']);
    });

    it('deletes what was never there, so that the delete is known', async () => {
      const pushes = new Pushes(open());
      expect(await pushes.remove('D')).toMatchObject({ version: 1, state: 'accepted', outcome: 'accepted' });
      await pushes.upsert('A');
      expect(await pushes.remove('D')).toMatchObject({ version: 1, outcome: 'repeated' });
      expect(await pushes.desk.stateOf('a')).toBe('accepted');
    });

    it('is refused under a used key with another request, and leaves no trace', async () => {
      const pushes = new Pushes(open());
      await pushes.upsert('A');
      expect(await errorCode(pushes.upsert('A', { contentHash: 'other' }, 'other'))).toBe(
        'idempotency_conflict',
      );
      expect(await errorCode(pushes.remove('A', 'other'))).toBe('idempotency_conflict');
      expect(await pushes.desk.announced('a')).toEqual(['accepted 1']);
    });

    it('is another thing for another document', async () => {
      const desk = open();
      const event = { key: 'A', requestHash: 'A' };
      expect(await desk.accept('a', 'one', { event })).toMatchObject({ outcome: 'accepted' });
      expect(await desk.accept('b', 'one', { event })).toMatchObject({ outcome: 'accepted' });
    });

    it('is known for a content that was there already', async () => {
      const pushes = new Pushes(open());
      await pushes.upsert('A');
      expect(await pushes.upsert('A2', { contentHash: 'A' })).toMatchObject({
        version: 1,
        outcome: 'duplicate',
      });
      await pushes.upsert('B');
      expect(await pushes.upsert('A2', { contentHash: 'A' })).toMatchObject({
        version: 1,
        outcome: 'repeated',
      });
    });

    it('is not known when it was refused because of a delete', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const early = desk.now();
      await desk.withdraw('a');
      const event = { key: 'A', requestHash: 'A' };
      const refused = await desk.documents.accept(desk.change('a', 'two', { at: early, event }));
      expect(refused.outcome).toBe('before-delete');
      expect(await desk.accept('a', 'two', { event })).toMatchObject({ version: 3, outcome: 'accepted' });
    });

    describe('replayed', () => {
      const replayOf = (key: string, givenUpAt: number) => ({ event: { key, requestHash: key, givenUpAt } });

      it('does nothing where something newer was said of the document meanwhile', async () => {
        const desk = open();
        const givenUpAt = desk.now();
        await desk.accept('a', 'newer');
        const change = desk.change('a', 'older', replayOf('A', givenUpAt));
        const { source } = change;
        const late = { version: 1, outcome: 'overtaken' };
        expect(await desk.documents.accept(change)).toMatchObject({ ...late, spare: source });
        const announce = (version: number) => desk.event('withdrawn', 'a', version);
        const removal = { tenant: desk.tenant, document: 'a', at: desk.now(), announce, audit: desk.entry() };
        expect(await desk.documents.withdraw({ ...removal, ...replayOf('B', givenUpAt) })).toMatchObject(
          late,
        );
        expect(await desk.announced('a')).toEqual(['accepted 1']);
      });

      it('never brings back what was deleted meanwhile, whenever its source was stored', async () => {
        const desk = open();
        const early = desk.now();
        const givenUpAt = desk.now();
        await desk.accept('a', 'one');
        await desk.withdraw('a');
        for (const at of [early, desk.now()])
          expect(
            await desk.documents.accept(desk.change('a', 'two', { at, ...replayOf('A', givenUpAt) })),
          ).toMatchObject({ version: 2, outcome: 'overtaken' });
        await desk.erase('a', 2);
        expect(await desk.accept('a', 'two', replayOf('A', givenUpAt))).toMatchObject({
          outcome: 'overtaken',
        });
      });

      it.each([
        [0, 1],
        [1, 0],
      ])('among others of the same document the last one said stands: %i before %i', async (...order) => {
        const desk = open();
        const givenUp = [desk.now(), desk.now()];
        for (const n of order) await desk.accept('a', `content ${n}`, replayOf(`${n}`, givenUp[n]!));
        const newest = (await desk.documents.versions(desk.tenant, 'a')).at(-1)!;
        expect(await desk.accept('a', 'content 1')).toMatchObject({
          version: newest.version,
          outcome: 'duplicate',
        });
      });

      it('gives way to what was said before a slow push ended', async () => {
        const desk = open();
        const slow = desk.now();
        await desk.accept('a', 'one');
        const givenUpAt = desk.now();
        await desk.accept('a', 'one');
        await desk.accept('a', 'slow', { at: slow });
        expect(await desk.accept('a', 'two', replayOf('A', givenUpAt))).toMatchObject({
          outcome: 'overtaken',
        });
      });

      it('gives way to what was said in the same millisecond behind what failed', async () => {
        const desk = open();
        const at = desk.now();
        await desk.accept('a', 'failed', { at });
        await desk.accept('a', 'right', { at });
        expect(await desk.accept('a', 'corrected', replayOf('A', at))).toMatchObject({
          outcome: 'overtaken',
        });
        expect(await desk.accept('b', 'failed', { at })).toMatchObject({ version: 1 });
        expect(await desk.accept('b', 'corrected', replayOf('B', at))).toMatchObject({ version: 2 });
        await desk.withdraw('b');
        expect(await desk.accept('b', 'again', replayOf('C', at))).toMatchObject({ outcome: 'overtaken' });
      });

      it('is not later than now, whatever it says: what is given up afterwards still counts', async () => {
        const desk = open();
        await desk.accept('a', 'one', replayOf('A', desk.now() + 86_400_000));
        expect(await desk.accept('a', 'two', replayOf('B', desk.now()))).toMatchObject({
          outcome: 'accepted',
        });
      });

      it('does nothing where the same as there was has been said again meanwhile', async () => {
        const desk = open();
        await desk.accept('a', 'one');
        const givenUpAt = desk.now();
        await desk.accept('a', 'one');
        expect(await desk.accept('a', 'two', replayOf('A', givenUpAt))).toMatchObject({
          outcome: 'overtaken',
        });
      });
    });

    it.each([3, 31, 33, 70])('ends as it did when a series of %i is read again', async (length) => {
      const pushes = new Pushes(open());
      const series = Array.from({ length }, (_, n) => `${n % 3 === 1 ? 'delete' : 'upsert'} ${n}`);
      const read = async () => {
        for (const name of series)
          await (name.startsWith('delete') ? pushes.remove(name) : pushes.upsert(name));
      };
      await read();
      const operations = async () =>
        (await pushes.desk.documents.versions(pushes.desk.tenant, 'a')).at(-1)?.operation;
      const [last, operation] = [(await pushes.desk.pending()).at(-1)?.topic, await operations()];
      await read();
      expect((await pushes.desk.pending()).at(-1)?.topic).toBe(last);
      expect(await operations()).toBe(operation);
    });

    it('is done by one of ten at once', async () => {
      const pushes = new Pushes(open());
      const all = await Promise.all(Array.from({ length: 10 }, () => pushes.upsert('A')));
      expect(all.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
      expect(all.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(9);
    });
  });
}

/** Events about one document, named by their content. */
class Pushes {
  constructor(readonly desk: Desk) {}

  upsert(name: string, more: Partial<NewVersion> = {}, requestHash = name): Promise<AcceptedVersion> {
    return this.desk.accept('a', name, { event: { key: name, requestHash }, ...more });
  }

  remove(name: string, requestHash = name): Promise<AcceptedVersion | undefined> {
    const { desk } = this;
    return desk.documents.withdraw({
      ...{ tenant: desk.tenant, document: 'a', at: desk.now(), event: { key: name, requestHash } },
      announce: (version) => desk.event('withdrawn', 'a', version),
      audit: desk.entry(),
    });
  }
}
