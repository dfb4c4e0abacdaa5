import { Controller, Inject } from '@nestjs/common';
import { routes } from '@millrace/contracts';
import { HandleRoute, type RouteRequest } from '@millrace/platform';
import { scopeOf } from './admin-scope.ts';
import { Backlog } from './backlog.ts';

@Controller()
export class QueuesController {
  constructor(@Inject(Backlog) private readonly backlog: Backlog) {}

  @HandleRoute(routes.queues)
  async show({ principal }: RouteRequest<typeof routes.queues>) {
    const [queues, groups, documents] = await Promise.all([
      this.backlog.queues(),
      this.backlog.groups(),
      this.backlog.documents(scopeOf(principal)),
    ]);
    return {
      queues: queues.map(({ queue, runnable, inflight, delayed, oldestAgeMs }) => ({
        queue,
        runnable,
        inflight,
        delayed,
        oldest_age_ms: oldestAgeMs,
      })),
      groups: groups.map(({ group, topic, lag }) => ({ group, topic, lag })),
      documents,
    };
  }
}
