import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function quotaChecks(open: () => Desk): void {
  describe('quotas', () => {
    it('are kept as they were set last, each tenant its own', async () => {
      const [desk, other] = [open(), open()];
      const { registry, tenant } = desk;
      await registry.quotas.write(tenant, { requests_per_day: 1, spend_per_day: 2.5 }, desk.entry());
      await registry.quotas.write(other.tenant, { tokens_per_minute: 1_000_000_000_000 }, other.entry());
      await registry.quotas.write(tenant, { spend_per_day: 0.000001 }, desk.entry());
      expect(await registry.quotas.read(tenant)).toEqual({ spend_per_day: 0.000001 });
      expect(await registry.quotas.read(other.tenant)).toEqual({ tokens_per_minute: 1_000_000_000_000 });
    });

    it('are none until they are set', async () => {
      const { registry, tenant } = open();
      expect(await registry.quotas.read(tenant)).toBeUndefined();
    });
  });
}
