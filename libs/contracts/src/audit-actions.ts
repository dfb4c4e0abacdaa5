/** What is written down: what it is about, and what was done. */
export const auditActions = [
  'tenant.create',
  'quota.set',
  'moderation_policy.set',
  'prompt.set',
  'key.create',
  'key.revoke',
  'dead_letter.replay',
  'dead_letter.correct',
  'model.prepare',
  'model.serve',
  'model.retire',
  'document.delete',
  'document.erase',
  'answer.moderate',
  'access.refuse',
] as const;
export type AuditAction = (typeof auditActions)[number];

export const auditOutcomes = ['done', 'refused', 'blocked', 'redacted'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];
