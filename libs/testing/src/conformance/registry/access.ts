import type { NewKey } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { unique } from '../harness.ts';
import type { Desk } from './fixtures.ts';

export function accessChecks(open: () => Desk): void {
  describe('tenants and keys', () => {
    const newKey = (tenant: string): NewKey => ({
      id: unique('key'),
      name: 'ann',
      principal: { tenant, name: 'user:ann', groups: ['board'], rights: ['read', 'write'] },
      createdAt: 1_750_000_000_000,
      hash: unique('hash'),
    });

    it('makes a tenant once', async () => {
      const desk = open();
      const { registry, tenant } = desk;
      expect(await registry.access.createTenant(tenant, 5, desk.entry())).toBe(true);
      expect(await registry.access.createTenant(tenant, 6, desk.entry())).toBe(false);
      expect(await registry.access.tenants()).toContainEqual({ name: tenant, createdAt: 5 });
    });

    it('finds a key by its hash, until it is revoked', async () => {
      const desk = open();
      const { registry, tenant } = desk;
      const key = newKey(tenant);
      await registry.access.createKey(key, desk.entry());
      expect(await registry.access.findKey(key.hash)).toEqual({ ...key.principal, key: key.id });
      expect(await registry.access.findKey('other')).toBeUndefined();
      expect(await registry.access.revokeKey(key.id, desk.entry())).toBe(true);
      expect(await registry.access.revokeKey(key.id, desk.entry())).toBe(false);
      expect(await registry.access.findKey(key.hash)).toBeUndefined();
    });

    it('lists keys without their hashes, of one tenant or all', async () => {
      const [desk, other] = [open(), open()];
      const { registry, tenant } = desk;
      const [mine, theirs] = [newKey(tenant), newKey(other.tenant)];
      await registry.access.createKey(mine, desk.entry());
      await registry.access.createKey(theirs, other.entry());
      const { hash, ...record } = mine;
      expect(await registry.access.keys(tenant)).toEqual([record]);
      expect((await registry.access.keys()).map(({ id }) => id)).toEqual(
        expect.arrayContaining([mine.id, theirs.id]),
      );
      expect(JSON.stringify(await registry.access.keys())).not.toContain(hash);
    });
  });
}
