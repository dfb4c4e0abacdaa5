import { Inject, Injectable } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { REGISTRY, type Registry } from '@millrace/ports';

/** The tenant that is there without being made. */
const implicit = 'default';

/** Who may have documents. Tenants stay, so that only unknown names are looked up again. */
@Injectable()
export class KnownTenants {
  private known: ReadonlySet<string> = new Set([implicit]);

  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  async all(): Promise<ReadonlySet<string>> {
    const names = (await this.registry.access.tenants()).map(({ name }) => name);
    return (this.known = new Set([implicit, ...names]));
  }

  /** Rejects with `tenant_not_found`. */
  async refuseUnknown(tenant: string): Promise<void> {
    if (this.known.has(tenant)) return;
    if (!(await this.all()).has(tenant)) throw new MillraceError('tenant_not_found', { detail: tenant });
  }
}
