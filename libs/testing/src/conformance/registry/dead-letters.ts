import {
  outlinedKeyCharacters,
  type DeadLetterOutline,
  type DeadLetterQuery,
  type DeadLetterRecord,
} from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function deadLetterChecks(open: () => Desk): void {
  describe('dead letters', () => {
    const page = (desk: Desk, more: Partial<DeadLetterQuery> = {}) =>
      desk.registry.deadLetters.page({ tenant: desk.tenant, limit: 100, ...more });

    it('are kept as they came and end their version with the reason', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const letter = desk.letter('a', 1);
      expect(await desk.registry.deadLetters.record(letter)).toBe(true);
      expect(await page(desk)).toEqual([outlineOf(letter)]);
      expect(await desk.registry.deadLetters.find(letter.id)).toEqual(letter);
      expect(await desk.status('a')).toMatchObject({ state: 'dead-lettered', reason: letter.reason });
      expect(await desk.history('a')).toEqual(['1 accepted', '1 dead-lettered']);
    });

    it('say when they had no room for their message', async () => {
      const desk = open();
      const { subject, ...letter } = desk.letter('x', 0, { omittedBytes: 2_000_000 });
      expect(subject).toBeDefined();
      await desk.registry.deadLetters.record(letter);
      expect(await page(desk)).toEqual([outlineOf(letter)]);
      expect(await desk.registry.deadLetters.find(letter.id)).toEqual(letter);
    });

    it('are kept once however often they come', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.fail('a', 1);
      await desk.fail('a', 1, { id: `${desk.tenant} other`, attempts: 2 });
      expect((await page(desk)).map(({ attempts }) => attempts)).toEqual([2]);
    });

    it('do not end what is searchable, erased or unknown', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.index('a', 1);
      expect(await desk.fail('a', 1)).toBe(false);
      expect(await desk.stateOf('a')).toBe('indexed');
      await desk.withdraw('a');
      await desk.erase('a', 2);
      expect(await desk.fail('a', 1)).toBe(false);
      expect(await desk.fail('a', 2)).toBe(false);
      expect(await desk.fail('never', 1)).toBe(false);
      expect(await page(desk)).toEqual([]);
    });

    it('do not end a version that was set going again after they were written', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const late = desk.letter('a', 1);
      await desk.fail('a', 1);
      await desk.accept('a', 'one');
      expect(await desk.registry.deadLetters.record(late)).toBe(false);
      expect(await desk.stateOf('a')).toBe('accepted');
    });

    it('leave the live version alone', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.index('a', 1);
      await desk.accept('a', 'two');
      await desk.fail('a', 2);
      expect(await desk.status('a')).toMatchObject({ version: 2, state: 'dead-lettered', live_version: 1 });
    });

    it('go when their version becomes searchable after all, or is overtaken', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      await desk.fail('a', 1);
      expect(await desk.advance('a', 1, 'parsed')).toBe(false);
      expect(await desk.advance('a', 1, 'indexed')).toBe(true);
      expect(await page(desk)).toEqual([]);
      await desk.accept('a', 'two');
      await desk.fail('a', 2);
      await desk.accept('a', 'three');
      await desk.index('a', 3);
      expect(await page(desk)).toEqual([]);
      expect((await desk.status('a')).reason).toBeUndefined();
    });

    it('are sent again once, and set their version going', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const letter = desk.letter('a', 1, { replay: desk.event('embedded', 'a', 1) });
      await desk.registry.deadLetters.record(letter);
      expect(await desk.replay(letter, desk.now())).toBe(true);
      expect(await desk.replay(letter, desk.now())).toBe(false);
      expect(await desk.announced('a')).toEqual(['accepted 1', 'embedded 1']);
      expect(await desk.stateOf('a')).toBe('accepted');
      expect(await page(desk)).toEqual([]);
      await desk.advance('a', 1, 'indexed');
      expect(await desk.stateOf('a')).toBe('indexed');
    });

    it('give way to a correction, and leave their version to what comes of it', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const letter = desk.letter('a', 1, { replay: desk.event('embedded', 'a', 1) });
      await desk.registry.deadLetters.record(letter);
      const correction = desk.event('corrected', 'a', 1);
      expect(await desk.replay(letter, desk.now(), correction)).toBe(true);
      expect(await desk.replay(letter, desk.now(), correction)).toBe(false);
      expect(await desk.announced('a')).toEqual(['accepted 1', 'corrected 1']);
      expect(await desk.status('a')).toMatchObject({ state: 'dead-lettered', reason: letter.reason });
      await desk.accept('a', 'two');
      await desk.index('a', 2);
      expect(await desk.status('a')).toMatchObject({ state: 'indexed', version: 2, live_version: 2 });
    });

    it('may be about no document', async () => {
      const desk = open();
      const replay = desk.event('garbled', 'x', 0);
      const { subject, ...letter } = desk.letter('x', 0, { replay });
      expect(subject).toBeDefined();
      expect(await desk.registry.deadLetters.record(letter)).toBe(true);
      expect(await desk.registry.deadLetters.record(letter)).toBe(true);
      expect(await page(desk)).toEqual([outlineOf(letter)]);
      expect(await desk.replay(letter, desk.now())).toBe(true);
      expect(await desk.replay(letter, desk.now())).toBe(false);
      expect(await desk.announced()).toEqual(['garbled 0']);
      const other = { ...letter, id: `${letter.id} other` };
      expect(await desk.registry.deadLetters.record(other)).toBe(true);
      const correction = desk.event('corrected', 'x', 0);
      expect(await desk.replay(other, desk.now(), correction)).toBe(true);
      expect(await desk.announced()).toEqual(['garbled 0', 'corrected 0']);
      expect(await page(desk)).toEqual([]);
    });

    it('are outlined with the beginning of their key and its bytes', async () => {
      const desk = open();
      const replay = { ...desk.event('garbled', 'x', 0), key: 'ü'.repeat(5_000) };
      await desk.registry.deadLetters.record(desk.pushedLetter('x', { replay }));
      expect(await page(desk)).toMatchObject([{ key: 'ü'.repeat(512), keyBytes: 10_000 }]);
    });

    it('are listed in pages, the newest first, by tenant and reason', async () => {
      const desk = open();
      const at = desk.now();
      for (const document of ['a', 'b', 'c']) {
        await desk.accept(document, 'one');
        const code = document === 'b' ? 'parse_timeout' : 'no_text';
        await desk.fail(document, 1, { id: `${desk.tenant}-${document}`, reason: { code, message: '' } });
      }
      for (const id of ['y', 'x']) {
        const { subject, ...letter } = desk.letter('none', 0, { id: `${desk.tenant}-${id}`, at });
        expect(subject).toBeDefined();
        await desk.registry.deadLetters.record(letter);
      }
      const found: string[] = [];
      for (let cursor: DeadLetterQuery['cursor']; ;) {
        const letters = await page(desk, { limit: 1, cursor });
        found.push(...letters.map(({ id }) => id.slice(desk.tenant.length + 1)));
        cursor = letters.at(-1);
        if (!cursor) break;
      }
      expect(found).toEqual(['c', 'b', 'a', 'x', 'y']);
      expect(await page(desk, { code: 'parse_timeout' })).toMatchObject([{ subject: { document: 'b' } }]);
      const all = await desk.registry.deadLetters.page({ limit: 1000 });
      expect(all.length).toBeGreaterThanOrEqual(3);
    });

    it('are listed by the time they were written at', async () => {
      const desk = open();
      const at: number[] = [];
      for (const document of ['a', 'b', 'c']) {
        await desk.accept(document, 'one');
        const letter = desk.letter(document, 1, { id: `${desk.tenant}-${document}` });
        await desk.registry.deadLetters.record(letter);
        at.push(letter.at);
      }
      const found = async (query: Partial<DeadLetterQuery>) =>
        (await page(desk, query)).map(({ subject }) => subject?.document);
      expect(await found({ since: at[1]! })).toEqual(['c', 'b']);
      expect(await found({ until: at[1]! })).toEqual(['a']);
      expect(await found({ since: at[1]!, until: at[2]! })).toEqual(['b']);
    });

    it('of long ago give way while a document keeps failing', async () => {
      const desk = open();
      for (let version = 1; version <= 200; version++) {
        await desk.accept('a', `content ${version}`);
        await desk.fail('a', version, { id: `${desk.tenant}-${version}` });
      }
      expect((await page(desk)).length).toBeLessThan(100);
      expect((await desk.status('a')).history.length).toBeLessThan(200);
      const kept = await desk.documents.versions(desk.tenant, 'a');
      expect(kept.filter(({ state }) => state === 'dead-lettered').length).toBeLessThan(100);
      expect(kept.at(-1)).toMatchObject({ version: 200, state: 'dead-lettered' });
    });

    it('of long ago give way to versions that come all at once, too', async () => {
      const desk = open();
      for (let version = 1; version <= 61; version++) {
        await desk.accept('a', `content ${version}`);
        await desk.fail('a', version, { id: `${desk.tenant}-${version}` });
      }
      await Promise.all([62, 63, 64, 65].map((version) => desk.accept('a', `content ${version}`)));
      const kept = await desk.documents.versions(desk.tenant, 'a');
      const early = kept.filter(({ version }) => version <= 32);
      expect(early.filter(({ state }) => state === 'dead-lettered')).toEqual([]);
    });
  });
}

const outlineOf = ({ replay: { key, value }, ...letter }: DeadLetterRecord): DeadLetterOutline => ({
  ...letter,
  key: key.slice(0, outlinedKeyCharacters),
  keyBytes: Buffer.byteLength(key),
  messageBytes: Buffer.byteLength(value),
});
