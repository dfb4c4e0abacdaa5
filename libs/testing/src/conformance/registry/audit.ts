import { createHash } from 'node:crypto';
import { chainStart, hashedText, type AuditAction, type AuditEntry } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { unique } from '../harness.ts';
import type { Desk } from './fixtures.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The whole chain of a tenant, whose links are checked. */
export async function chainOf({
  registry,
  tenant,
}: Pick<Desk, 'registry' | 'tenant'>): Promise<AuditEntry[]> {
  const chain = await registry.audit.page({ tenant, order: 'asc', limit: 100_000 });
  expect(chain.map(({ sequence }) => sequence)).toEqual(chain.map((_, index) => index + 1));
  expect(chain.map(({ previous }) => previous)).toEqual(
    [chainStart, ...chain.map(({ hash }) => hash)].slice(0, chain.length),
  );
  expect(chain.map(({ hash }) => hash)).toEqual(chain.map((entry) => sha256(hashedText(entry))));
  const last = chain.at(-1);
  const head = last && { tenant, sequence: last.sequence, hash: last.hash };
  expect(await registry.audit.heads(tenant)).toEqual(head ? [head] : []);
  return chain;
}

export function auditChecks(open: () => Desk): void {
  describe('the audit trail', () => {
    it('is a chain for each tenant, of entries that say what was said', async () => {
      const [desk, other] = [open(), open()];
      const said = desk.entry({
        object: 'tenant:é\n"\\\u2028',
        details: { n: 3, on: true, list: ['b', 'a'] },
      });
      const { at, ...rest } = said;
      await desk.registry.audit.append(said);
      await desk.registry.audit.append(desk.entry({ actor: { name: 'models' } }));
      await other.registry.audit.append(other.entry());
      const [first, second] = await chainOf(desk);
      expect(first).toMatchObject({ ...rest, at: new Date(at).toISOString(), previous: chainStart });
      expect(second).toMatchObject({ actor: { name: 'models' }, previous: first!.hash });
      expect(await chainOf(other)).toHaveLength(1);
      expect((await desk.registry.audit.heads()).map(({ tenant }) => tenant)).toEqual(
        expect.arrayContaining([desk.tenant, other.tenant]),
      );
    });

    it('comes in pages, from either end, of an action or a time', async () => {
      const desk = open();
      const { audit } = desk.registry;
      const actions: AuditAction[] = ['key.create', 'key.revoke', 'key.create', 'quota.set'];
      const entries = actions.map((action) => desk.entry({ action }));
      for (const entry of entries) await audit.append(entry);
      const page = async (more: object) =>
        (await audit.page({ tenant: desk.tenant, order: 'asc', limit: 10, ...more })).map(
          ({ sequence }) => sequence,
        );
      expect(await page({ limit: 3 })).toEqual([1, 2, 3]);
      expect(await page({ cursor: 3 })).toEqual([4]);
      expect(await page({ order: 'desc', limit: 2 })).toEqual([4, 3]);
      expect(await page({ order: 'desc', cursor: 3 })).toEqual([2, 1]);
      expect(await page({ action: 'key.create' })).toEqual([1, 3]);
      expect(await page({ from: entries[1]!.at, to: entries[3]!.at })).toEqual([2, 3]);
    });

    it('has one end, however many add to it at once', async () => {
      const desk = open();
      await Promise.all(Array.from({ length: 60 }, () => desk.registry.audit.append(desk.entry())));
      expect(await chainOf(desk)).toHaveLength(60);
    });

    it('takes what is told again once, at the same time too', async () => {
      const desk = open();
      const told = desk.entry({ action: 'answer.moderate', object: unique('answer'), outcome: 'blocked' });
      for (let turn = 0; turn < 2; turn++)
        await Promise.all(Array.from({ length: 20 }, () => desk.registry.audit.appendOnce(told)));
      await desk.registry.audit.appendOnce({ ...told, object: unique('answer') });
      expect(await chainOf(desk)).toHaveLength(2);
    });

    it('cuts what is too long, and keeps what is no text out', async () => {
      const desk = open();
      const long = { name: 'x'.repeat(10_000), list: Array.from({ length: 1_000 }, () => 'y'.repeat(300)) };
      await desk.registry.audit.append(
        desk.entry({ object: `\0${'\ud83d\ude00'.repeat(200)}`, actor: { name: 'a\ud800b' }, details: long }),
      );
      const [entry] = await chainOf(desk);
      expect(entry).toMatchObject({ actor: { name: 'a\ufffdb' }, details: { name: 'x'.repeat(256) } });
      expect(entry!.object).toBe(`\ufffd${'\ud83d\ude00'.repeat(127)}\ufffd`);
      expect(entry!.details['list']).toEqual(Array.from({ length: 64 }, () => 'y'.repeat(256)));
    });
  });

  describe('an audit entry goes along with its change, and with nothing that changed nothing:', () => {
    const actionsOf = async (desk: Desk) => (await chainOf(desk)).map(({ action }) => action);

    it('tenants, keys and quotas', async () => {
      const desk = open();
      const { access, quotas } = desk.registry;
      const [id, hash] = [unique('key'), unique('hash')];
      const principal = { tenant: desk.tenant, name: 'user:ann', groups: [], rights: [] };
      const key = { id, name: 'ann', principal, createdAt: 1, hash };
      for (let n = 0; n < 2; n++) {
        await access.createTenant(desk.tenant, 5, desk.entry());
        const made = access.createKey(key, desk.entry({ action: 'key.create' }));
        await (n === 0 ? made : expect(made).rejects.toThrow());
      }
      await quotas.write(desk.tenant, {}, desk.entry({ action: 'quota.set' }));
      for (let n = 0; n < 2; n++) await access.revokeKey(id, desk.entry({ action: 'key.revoke' }));
      expect(await actionsOf(desk)).toEqual(['tenant.create', 'key.create', 'quota.set', 'key.revoke']);
    });

    it('deletes and erasures of documents', async () => {
      const desk = open();
      expect(await desk.withdraw('never')).toBeUndefined();
      await desk.accept('a', 'one');
      for (let n = 0; n < 2; n++) await desk.withdraw('a');
      for (let n = 0; n < 2; n++) await desk.erase('a', 2);
      const [asked, erased, ...more] = await chainOf(desk);
      expect([asked?.action, erased?.action, more]).toEqual(['document.delete', 'document.erase', []]);
      expect(erased?.details).toEqual({ versions: 1, deadLetters: 0 });
    });

    it('replays of dead letters, about a version or about none', async () => {
      const desk = open();
      await desk.accept('a', 'one');
      const [of, ofNone] = [desk.letter('a', 1), desk.letter('a', 2, { subject: undefined })];
      for (const letter of [of, ofNone]) {
        await desk.registry.deadLetters.record(letter);
        for (let n = 0; n < 2; n++) await desk.replay(letter, desk.now());
      }
      expect((await chainOf(desk)).map(({ object }) => object)).toEqual([
        `dead_letter:${of.id}`,
        `dead_letter:${ofNone.id}`,
      ]);
    });

    it('the plan of models', async () => {
      const desk = open();
      const { modelPlan } = desk.registry;
      const { plan = { serving: 'a' }, revision = 0 } = (await modelPlan.read()) ?? {};
      const audit = desk.entry({ action: 'model.prepare' });
      expect(await modelPlan.write(plan, revision, { audit })).toBe('written');
      expect(await modelPlan.write(plan, revision, { audit })).toBe('overtaken');
      expect(await actionsOf(desk)).toEqual(['model.prepare']);
    });
  });
}
