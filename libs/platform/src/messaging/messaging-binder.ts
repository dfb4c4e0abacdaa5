import {
  events,
  MillraceError,
  topics,
  type AnyEventSpec,
  type CallSpec,
  type JobSpec,
} from '@millrace/contracts';
import type { EventLog, QueueWorker, RequestReply, Served, Subscribed, WorkQueue } from '@millrace/ports';
import type { Logger } from '../telemetry/logger.ts';
import { observe } from '../telemetry/observe.ts';
import { decodeEvent } from './event-codec.ts';
import type { DeadLetterPublisher } from './dead-letter-publisher.ts';
import { consume, type TopicHandler } from './event-consumer.ts';
import type { EventContext, HandlerContext, JobContext } from './handlers.ts';
import { jobWork } from './job-runner.ts';
import type { FoundHandler } from './find-handlers.ts';
import { RecordsGivenUp } from './records-given-up.ts';
import { deadLetterHandler, eventHandler } from './topic-handlers.ts';
import { Unforeseen } from './unforeseen.ts';

const maxBatch = 64;

export interface Transports {
  readonly log: EventLog;
  readonly queue: WorkQueue;
  readonly requestReply: RequestReply;
  readonly deadLetters: DeadLetterPublisher;
  readonly logger: Logger;
}

/** Connects the handlers of this process to the event log, the work queue and the callers, and lets them go again. */
export class MessagingBinder {
  private readonly subscriptions: Subscribed[] = [];
  private readonly workers: QueueWorker[] = [];
  private readonly served: Served[] = [];

  constructor(private readonly transports: Transports) {}

  /** Calls first, then workers, then subscriptions: whatever arrives finds its handler there. */
  async start(handlers: readonly FoundHandler[]): Promise<void> {
    await this.transports.log.ensureTopics(topics());
    const groups = new Map<string, Map<string, TopicHandler>>();
    for (const { binding, run } of handlers) {
      if (binding.kind === 'call') this.served.push(await this.serve(binding.spec, run));
      if (binding.kind === 'job') this.workers.push(await this.work(binding.spec, run));
      for (const [group, handler] of this.topicHandlers({ binding, run })) join(groups, group, handler);
    }
    for (const [group, topicHandlers] of groups)
      this.subscriptions.push(await this.subscribe(group, topicHandlers));
  }

  /** Stops intake, gives running work its time, hands the rest back. Calls are still answered: work under way makes them. */
  async stopWork(budgetMs: number): Promise<void> {
    await Promise.all(this.subscriptions.map((subscription) => subscription.close()));
    await Promise.all(this.workers.map((worker) => worker.close(budgetMs)));
  }

  async stopServing(): Promise<void> {
    await Promise.all(this.served.map((served) => served.close()));
  }

  private serve(spec: CallSpec, run: FoundHandler['run']): Promise<Served> {
    return this.transports.requestReply.serve(spec.name, {
      concurrency: spec.concurrency,
      maxWaiting: spec.maxWaiting,
      handler: ({ input, signal, headers }) =>
        observe({ kind: 'call', name: spec.name, headers }, async () => {
          const parsed = spec.input.safeParse(input);
          if (!parsed.success) {
            const issue = parsed.error.issues[0];
            throw new MillraceError('invalid_request', {
              param: issue?.path.join('.'),
              detail: issue?.message,
            });
          }
          return run(parsed.data, { signal, headers } satisfies HandlerContext);
        }).catch((err: unknown) => {
          // What is wrong here is nothing that the caller could log: its cause stays in this process.
          if (MillraceError.from(err).code === 'internal')
            this.transports.logger.error({ err, call: spec.name }, 'call failed');
          throw err;
        }),
    });
  }

  private work(spec: JobSpec, run: FoundHandler['run']): Promise<QueueWorker> {
    const handler = run as (data: never, context: JobContext) => Promise<void>;
    return this.transports.queue.work(spec.name, jobWork(spec, handler, this.transports.deadLetters));
  }

  private topicHandlers({ binding, run }: Pick<FoundHandler, 'binding' | 'run'>): [string, TopicHandler][] {
    const handler = run as (data: never, context: EventContext) => Promise<void>;
    switch (binding.kind) {
      case 'event':
        return [[binding.group, eventHandler(binding.spec, handler, binding.keysAtOnce)]];
      case 'dead-letters':
        return replayable.map((spec) => [binding.group, deadLetterHandler(spec.name, handler as never)]);
      case 'job':
        return [[binding.spec.name, this.enqueueOn(binding.spec)]];
      default:
        return [];
    }
  }

  /** The event becomes a job: committed only once the job is durable, and known by its id if it comes again. */
  private enqueueOn(spec: JobSpec): TopicHandler {
    return {
      topic: spec.on.name,
      decode: (record) => decodeEvent(spec.on, record),
      handle: async (inputs) => {
        const asked = inputs.filter(({ data }) => spec.when?.(data as never) ?? true);
        const jobs = asked.map(({ data, headers }) => ({
          id: spec.id(data as never),
          data,
          headers,
          lane: 'bulk' as const,
          group: spec.group(data as never),
          cost: spec.cost?.(data as never) ?? 1,
          ...(spec.delayMs !== undefined && { delayMs: spec.delayMs }),
        }));
        if (jobs.length > 0) await this.transports.queue.enqueue(spec.name, jobs);
      },
      atOnce: maxBatch,
    };
  }

  private subscribe(group: string, handlers: ReadonlyMap<string, TopicHandler>): Promise<Subscribed> {
    const { log, deadLetters } = this.transports;
    const giving = { deadLetters, unforeseen: new Unforeseen(), givenUp: new RecordsGivenUp() };
    return log.subscribe({
      group,
      topics: [...handlers.keys()],
      maxBatch,
      handler: (records, signal) => consume(records, handlers, giving, signal),
    });
  }
}

function join(groups: Map<string, Map<string, TopicHandler>>, group: string, handler: TopicHandler): void {
  const members = groups.get(group) ?? new Map<string, TopicHandler>();
  if (members.has(handler.topic)) throw new Error(`two handlers for ${handler.topic} in group ${group}`);
  groups.set(group, members.set(handler.topic, handler));
}

const replayable: readonly AnyEventSpec[] = Object.values(events);
