import { routes, type Principal } from '@millrace/contracts';
import { Refusals, type Logger } from '@millrace/platform';
import type { NewAuditEntry, Registry } from '@millrace/ports';
import { expect, it, vi } from 'vitest';
import { RefusalTrail } from './refusal-trail.ts';

const ann: Principal = { tenant: 'acme', name: 'user:ann', groups: [], rights: ['read'], key: 'k-1' };

function desk(append: (entry: NewAuditEntry) => Promise<void>) {
  const refusals = new Refusals();
  const logger = { error: vi.fn() };
  const registry = { audit: { append } } as unknown as Registry;
  const clock = { now: () => 5 };
  const trail = new RefusalTrail(registry, clock, refusals, logger as unknown as Logger);
  trail.onApplicationBootstrap();
  return { refusals, logger, trail };
}

it('refused calls of admin routes are written down, each way once, and those of other routes are not', async () => {
  const written: NewAuditEntry[] = [];
  const { refusals, trail } = desk(async (entry) => void written.push(entry));
  for (let n = 0; n < 3; n++) refusals.tell({ route: routes.putQuota, principal: ann });
  refusals.tell({ route: routes.putDocument, principal: ann });
  refusals.tell({ route: routes.putQuota, principal: { ...ann, key: 'k-2' } });
  await trail.onModuleDestroy();
  const entry = {
    ...{ tenant: 'acme', at: 5, action: 'access.refuse', outcome: 'refused' },
    object: 'route:PUT /v1/admin/tenants/:name/quota',
  };
  expect(written).toEqual([
    {
      ...entry,
      actor: { tenant: 'acme', name: 'user:ann', key: 'k-1' },
      details: { rights: ['read'], untold: 0 },
    },
    {
      ...entry,
      actor: { tenant: 'acme', name: 'user:ann', key: 'k-2' },
      details: { rights: ['read'], untold: 2 },
    },
  ]);
});

it('a refusal that cannot be written is in the log', async () => {
  const { refusals, trail, logger } = desk(() => Promise.reject(new Error('away')));
  refusals.tell({ route: routes.putQuota, principal: ann });
  await trail.onModuleDestroy();
  expect(logger.error).toHaveBeenCalledOnce();
});
