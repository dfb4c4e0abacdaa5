import { createHash } from 'node:crypto';
import { Controller, Inject } from '@nestjs/common';
import {
  calls,
  effectivePrompt,
  routes,
  type CallInput,
  type Principal,
  type PromptTemplate,
  type StatedPrompt,
} from '@millrace/contracts';
import { HandleCall, HandleRoute, type RouteRequest } from '@millrace/platform';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { isOperator, knownScopeOf, notOperator } from './admin-scope.ts';
import { audited } from './audit/audited.ts';

const digits = 12;

/** The same for templates that come to the same; another one where a default changes. */
export function promptVersionOf(prompt: PromptTemplate): string {
  const { instructions, nothing_found } = effectivePrompt(prompt);
  const canonical = JSON.stringify([instructions, nothing_found]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, digits);
}

/** What a language model is told of tenants’ questions: set by the operator, seen by each tenant's own admins. */
@Controller()
export class PromptsController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @HandleCall(calls.tenantPrompt)
  async promptOf({ tenant }: CallInput<typeof calls.tenantPrompt>): Promise<StatedPrompt> {
    const { prompt } = (await this.registry.prompts.current(tenant)) ?? { prompt: {} };
    return { version: promptVersionOf(prompt), prompt };
  }

  @HandleRoute(routes.getPrompt)
  async show({ principal, params: { name } }: RouteRequest<typeof routes.getPrompt>) {
    await this.demandTenant(principal, name);
    const versions = await this.registry.prompts.versions(name);
    return {
      ...(await this.promptOf({ tenant: name })),
      versions: versions.map(({ at, ...stated }) => ({ ...stated, set_at: new Date(at).toISOString() })),
    };
  }

  @HandleRoute(routes.putPrompt)
  async set({ principal, params: { name }, body: prompt }: RouteRequest<typeof routes.putPrompt>) {
    if (!isOperator(principal)) throw notOperator();
    await this.demandTenant(principal, name);
    const stated = { version: promptVersionOf(prompt), prompt };
    const at = this.clock.now();
    const audit = audited(routes.putPrompt, {
      ...{ by: principal, at, tenant: name, object: `tenant:${name}` },
      details: { version: stated.version, set: Object.keys(prompt) },
    });
    await this.registry.prompts.set(name, { ...stated, at }, audit);
    return stated;
  }

  private async demandTenant(principal: Principal, name: string): Promise<void> {
    await knownScopeOf(this.registry, principal, name, 'path.name');
  }
}
