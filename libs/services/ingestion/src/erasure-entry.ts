import { createHash } from 'node:crypto';
import type { AuditActor, AuditDetails } from '@millrace/contracts';
import type { DocumentName, NewAuditEntry } from '@millrace/ports';

interface Circumstances {
  readonly at: number;
  readonly by: AuditActor;
  readonly details?: AuditDetails;
}

/** The audit trail keeps what it has for good, and an id may name a person: it has the id's SHA-256. */
export const erasureEntry = (
  action: 'document.delete' | 'document.erase',
  { tenant, document }: DocumentName,
  { at, by, details = {} }: Circumstances,
): NewAuditEntry => ({
  ...{ tenant, at, actor: by, action, outcome: 'done', details },
  object: `document:${createHash('sha256').update(document).digest('hex')}`,
});
