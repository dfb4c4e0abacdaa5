import { Controller, Inject } from '@nestjs/common';
import {
  calls,
  routes,
  type CallInput,
  type CallOutput,
  type Principal,
  type Quota,
} from '@millrace/contracts';
import { HandleCall, HandleRoute, type RouteRequest } from '@millrace/platform';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { audited } from './audit/audited.ts';
import { isOperator, knownScopeOf, notOperator } from './admin-scope.ts';

/** What tenants may use: set by the operator, seen by each tenant's own admins. */
@Controller()
export class QuotasController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @HandleCall(calls.tenantQuota)
  async quotaOf({
    tenant,
  }: CallInput<typeof calls.tenantQuota>): Promise<CallOutput<typeof calls.tenantQuota>> {
    return { quota: await this.read(tenant) };
  }

  @HandleRoute(routes.getQuota)
  async show({ principal, params: { name } }: RouteRequest<typeof routes.getQuota>): Promise<Quota> {
    await this.demandTenant(principal, name);
    return this.read(name);
  }

  @HandleRoute(routes.putQuota)
  async set({ principal, params: { name }, body }: RouteRequest<typeof routes.putQuota>): Promise<Quota> {
    if (!isOperator(principal)) throw notOperator();
    await this.demandTenant(principal, name);
    const audit = audited(routes.putQuota, {
      ...{ by: principal, at: this.clock.now(), tenant: name, object: `tenant:${name}` },
      details: asText(body),
    });
    await this.registry.quotas.write(name, body, audit);
    return body;
  }

  private async read(tenant: string): Promise<Quota> {
    return (await this.registry.quotas.read(tenant)) ?? {};
  }

  private async demandTenant(principal: Principal, name: string): Promise<void> {
    await knownScopeOf(this.registry, principal, name, 'path.name');
  }
}

/** Money has decimals, which not every language writes alike. */
const asText = (quota: Quota): Record<string, string> =>
  Object.fromEntries(Object.entries(quota).map(([limit, most]) => [limit, String(most)]));
