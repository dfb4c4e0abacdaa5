import { Controller, Inject } from '@nestjs/common';
import { routes } from '@millrace/contracts';
import { HandleRoute } from '@millrace/platform';
import { Backlog } from './backlog.ts';

@Controller()
export class QueuesController {
  constructor(@Inject(Backlog) private readonly backlog: Backlog) {}

  @HandleRoute(routes.queues)
  async show() {
    const [queues, groups, documents] = await Promise.all([
      this.backlog.queues(),
      this.backlog.groups(),
      this.backlog.documents(),
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
