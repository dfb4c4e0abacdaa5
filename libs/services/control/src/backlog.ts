import { Inject, Injectable } from '@nestjs/common';
import { jobs, type JobSpec } from '@millrace/contracts';
import {
  CLOCK,
  EVENT_LOG,
  REGISTRY,
  WORK_QUEUE,
  type Clock,
  type EventLog,
  type QueueDepth,
  type Registry,
  type WorkQueue,
} from '@millrace/ports';
import { observeGauge } from '@millrace/platform';

export interface QueueBacklog extends QueueDepth {
  readonly queue: string;
  /** Events that are to become jobs of this queue. */
  readonly lag: number;
  readonly oldestLagAgeMs: number;
}

const table: readonly JobSpec[] = Object.values(jobs);

/** What waits where, over all pools. */
@Injectable()
export class Backlog {
  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    observeGauge('millrace_queue_jobs', 'Jobs by queue and state (runnable, inflight, delayed).', async () =>
      (await this.queues()).flatMap(({ queue, runnable, inflight, delayed }) =>
        Object.entries({ runnable, inflight, delayed }).map(
          ([state, count]) => [count, { queue, state }] as const,
        ),
      ),
    );
    observeGauge(
      'millrace_queue_oldest_age_seconds',
      'Age of the oldest job that could run, by queue.',
      async () =>
        (await this.queues()).map(({ queue, oldestAgeMs }) => [oldestAgeMs / 1000, { queue }] as const),
    );
    observeGauge('millrace_documents', 'Documents by the state of their newest version.', async () =>
      Object.entries(await this.documents()).map(([state, count]) => [count, { state }] as const),
    );
  }

  queues(): Promise<QueueBacklog[]> {
    return Promise.all(table.map((spec) => this.backlogOf(spec)));
  }

  documents(): Promise<Record<string, number>> {
    return this.registry.documents.counts();
  }

  /** How long the oldest thing has waited anywhere: what stands still longer than that is not merely waiting. */
  async oldestAgeMs(): Promise<number> {
    const queues = await this.queues();
    return Math.max(
      0,
      ...queues.map(({ oldestAgeMs, oldestLagAgeMs }) => Math.max(oldestAgeMs, oldestLagAgeMs)),
    );
  }

  private async backlogOf({ name: queue, on }: JobSpec): Promise<QueueBacklog> {
    const [depth, lags] = await Promise.all([this.queue.depth(queue), this.log.lag(queue, [on.name])]);
    const now = this.clock.now();
    return {
      queue,
      ...depth,
      lag: lags.reduce((sum, { records }) => sum + records, 0),
      oldestLagAgeMs: Math.max(
        0,
        ...lags.map(({ oldestAt }) => (oldestAt === undefined ? 0 : now - oldestAt)),
      ),
    };
  }
}
