import type { Registry, TenantSetting } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import type { Desk } from './fixtures.ts';

export function tenantSettingChecks(open: () => Desk): void {
  settingChecks('quotas', open, ({ quotas }) => quotas, [
    { requests_per_day: 1, spend_per_day: 2.5 },
    { tokens_per_minute: 1_000_000_000_000 },
    { spend_per_day: 0.000001 },
  ]);
  settingChecks('moderation policies', open, ({ moderationPolicies }) => moderationPolicies, [
    { categories: { hate: { input: 'block' } } },
    { on_failure: 'fail_closed' },
    { categories: { hate: { classifier: { input: 'block', threshold: 0.9 } } } },
  ]);
}

function settingChecks<T>(
  name: string,
  open: () => Desk,
  of: (registry: Registry) => TenantSetting<T>,
  [first, others, last]: readonly [T, T, T],
): void {
  describe(name, () => {
    it('are kept as they were set last, each tenant its own', async () => {
      const [desk, other] = [open(), open()];
      const { registry, tenant } = desk;
      const setting = of(registry);
      await setting.write(tenant, first, desk.entry());
      await setting.write(other.tenant, others, other.entry());
      await setting.write(tenant, last, desk.entry());
      expect(await setting.read(tenant)).toEqual(last);
      expect(await setting.read(other.tenant)).toEqual(others);
    });

    it('are none until they are set', async () => {
      const { registry, tenant } = open();
      expect(await of(registry).read(tenant)).toBeUndefined();
    });
  });
}
