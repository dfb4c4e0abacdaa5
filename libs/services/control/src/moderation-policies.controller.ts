import { Controller, Inject } from '@nestjs/common';
import { calls, routes, type CallInput, type Principal, type StatedPolicy } from '@millrace/contracts';
import { HandleCall, HandleRoute, type RouteRequest } from '@millrace/platform';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { audited } from './audit/audited.ts';
import { isOperator, knownScopeOf, notOperator } from './admin-scope.ts';
import { versionOf } from './policy-version.ts';

/** What moderation does for tenants: set by the operator, seen by each tenant's own admins. */
@Controller()
export class ModerationPoliciesController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

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
    const version = versionOf(body);
    const audit = audited(routes.putModeration, {
      ...{ by: principal, at: this.clock.now(), tenant: name, object: `tenant:${name}` },
      details: { version, set: asLines(body) },
    });
    await this.registry.moderationPolicies.write(name, body, audit);
    return { version, policy: body };
  }

  private async demandTenant(principal: Principal, name: string): Promise<void> {
    await knownScopeOf(this.registry, principal, name, 'path.name');
  }
}

/** `hate.classifier.threshold=0.9` and the like: numbers with decimals are not written alike in every language. */
function asLines(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([name, field]: [string, unknown]) =>
    typeof field === 'object' && field !== null
      ? asLines(field, `${path}${name}.`)
      : `${path}${name}=${String(field)}`,
  );
}
