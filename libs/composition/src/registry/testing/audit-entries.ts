import type { NewAuditEntry } from '@millrace/ports';

export const auditEntries = (tenant: string, count: number): NewAuditEntry[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ tenant, at: Date.now(), actor: { name: 'tester' }, action: 'key.create', object: `key:${n}` },
    ...{ outcome: 'done', details: {} },
  }));
