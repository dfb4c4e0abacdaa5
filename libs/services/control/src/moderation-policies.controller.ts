import { Controller, Inject } from '@nestjs/common';
import { calls, routes, type CallInput, type Principal, type StatedPolicy } from '@millrace/contracts';
import { HandleCall, HandleRoute, type RouteRequest } from '@millrace/platform';
import { REGISTRY, type Registry } from '@millrace/ports';
import { isOperator, knownScopeOf, notOperator } from './admin-scope.ts';
import { versionOf } from './policy-version.ts';

/** What moderation does for tenants: set by the operator, seen by each tenant's own admins. */
@Controller()
export class ModerationPoliciesController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @HandleCall(calls.tenantModeration)
  async policyOf({ tenant }: CallInput<typeof calls.tenantModeration>): Promise<StatedPolicy> {
    const policy = (await this.registry.moderationPolicies.read(tenant)) ?? {};
    return { version: versionOf(policy), policy };
  }

  @HandleRoute(routes.getModeration)
  async show({ principal, params: { name } }: RouteRequest<typeof routes.getModeration>) {
    await this.demandTenant(principal, name);
    return this.policyOf({ tenant: name });
  }

  @HandleRoute(routes.putModeration)
  async set({ principal, params: { name }, body }: RouteRequest<typeof routes.putModeration>) {
    if (!isOperator(principal)) throw notOperator();
    await this.demandTenant(principal, name);
    await this.registry.moderationPolicies.write(name, body);
    return { version: versionOf(body), policy: body };
  }

  private async demandTenant(principal: Principal, name: string): Promise<void> {
    await knownScopeOf(this.registry, principal, name, 'path.name');
  }
}
