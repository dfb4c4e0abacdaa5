import { Inject, Injectable } from '@nestjs/common';
import { observeGauge } from '@millrace/platform';
import { REGISTRY, type Registry } from '@millrace/ports';

/** How much the audit trail has, of all tenants together. */
@Injectable()
export class AuditMetrics {
  constructor(@Inject(REGISTRY) registry: Registry) {
    observeGauge('millrace_audit_entries', 'Entries of all audit chains.', async () => {
      const heads = await registry.audit.heads();
      return [[heads.reduce((sum, { sequence }) => sum + sequence, 0), {}]];
    });
  }
}
