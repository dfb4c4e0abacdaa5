import { Controller, Inject } from '@nestjs/common';
import { routes } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { HandleRoute, type RouteRequest } from '@millrace/platform';
import { knownScopeOf } from './admin-scope.ts';

const dayMs = 86_400_000;
const usualDays = 30;
const mostRows = 10_000;

/** What chat answers used. */
@Controller()
export class UsageController {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @HandleRoute(routes.usage)
  async report({ principal, query }: RouteRequest<typeof routes.usage>) {
    const tenant = await knownScopeOf(this.registry, principal, query.tenant, 'query.tenant');
    const { until = this.dayBefore(0), since = this.dayBefore(usualDays) } = query;
    const sums = await this.registry.usage.sums({ tenant, since, until, limit: mostRows + 1 });
    return {
      since,
      until,
      data: sums.slice(0, mostRows).map(({ promptTokens, completionTokens, ...sum }) => ({
        ...sum,
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
      })),
      has_more: sums.length > mostRows,
    };
  }

  private dayBefore(days: number): string {
    return new Date(this.clock.now() - days * dayMs).toISOString().slice(0, 10);
  }
}
