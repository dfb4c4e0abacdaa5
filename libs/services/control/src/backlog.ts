import { Inject, Injectable } from '@nestjs/common';
import { intakeGroup, jobs, progressGroup } from '@millrace/contracts';
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
}

export interface GroupBacklog {
  readonly group: string;
  readonly topic: string;
  /** Records not yet handled. */
  readonly lag: number;
}

const queues = Object.values(jobs).map(({ name }) => name);

/** The groups that move documents on: those that make jobs of events, and the one that keeps the registry up to date. */
const movingOn = [
  ...Object.values(jobs).map(({ name, on }) => ({ name, topics: [on.name] })),
  progressGroup,
] as const;

interface Group {
  readonly name: string;
  readonly topics: readonly string[];
}

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
    observeGauge(
      'millrace_group_lag_records',
      'Records not yet handled, by consumer group and topic.',
      async () => (await this.groups()).map(({ group, topic, lag }) => [lag, { group, topic }] as const),
    );
    observeGauge('millrace_documents', 'Documents by the state of their newest version.', async () =>
      Object.entries(await this.documents()).map(([state, count]) => [count, { state }] as const),
    );
  }

  queues(): Promise<QueueBacklog[]> {
    return Promise.all(queues.map(async (queue) => ({ queue, ...(await this.queue.depth(queue)) })));
  }

  async groups(): Promise<GroupBacklog[]> {
    const lags = await Promise.all([intakeGroup, ...movingOn].map((group) => this.lagsOf(group)));
    return lags.flat();
  }

  /** By state, over all tenants or of one. */
  documents(tenant?: string): Promise<Record<string, number>> {
    return this.registry.documents.counts(tenant);
  }

  /** How long the oldest thing on its way has waited: what stands still longer than that is not merely waiting. */
  async oldestAgeMs(): Promise<number> {
    const jobs = (await this.queues()).map(({ oldestAgeMs }) => oldestAgeMs);
    const now = this.clock.now();
    const records = movingOn.map(async ({ name, topics }) => {
      const oldestAt = await this.log.oldestWaitingAt(name, topics);
      return oldestAt === undefined ? 0 : now - oldestAt;
    });
    return Math.max(0, ...jobs, ...(await Promise.all(records)));
  }

  private async lagsOf({ name: group, topics }: Group): Promise<GroupBacklog[]> {
    const lags = await this.log.lag(group, topics);
    return lags.map(({ topic, records: lag }) => ({ group, topic, lag }));
  }
}
