import { Controller, Inject } from '@nestjs/common';
import { jobs, routes } from '@millrace/contracts';
import { HandleRoute } from '@millrace/platform';
import { Backlog } from './backlog.ts';

const topicOf = new Map<string, string>(Object.values(jobs).map(({ name, on }) => [name, on.name]));

@Controller()
export class QueuesController {
  constructor(@Inject(Backlog) private readonly backlog: Backlog) {}

  @HandleRoute(routes.queues)
  async show() {
    const [queues, documents] = await Promise.all([this.backlog.queues(), this.backlog.documents()]);
    return {
      queues: queues.map(({ queue, runnable, inflight, delayed, oldestAgeMs }) => ({
        queue,
        runnable,
        inflight,
        delayed,
        oldest_age_ms: oldestAgeMs,
      })),
      groups: queues.map(({ queue, lag }) => ({ group: queue, topic: topicOf.get(queue) ?? '', lag })),
      documents,
    };
  }
}
