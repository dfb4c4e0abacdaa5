import {
  createIORedisClient,
  createRedisBackend,
  Job,
  Queue,
  type IRedisTransaction,
  type RedisQueueBackend,
} from 'bullmq';
import type { NewJob, QueueDepth } from '@millrace/ports';
import type { ChainableCommander, Redis } from 'ioredis';
import type { RedisLink } from '../connection/redis-link.ts';
import { bullId, bullName, encodeJob, type StoredJob } from './job-codec.ts';
import { assignNew, type Turn } from './turn-scripts.ts';
import { queueDepth } from './queue-depth.ts';
import type { QueueKeys } from './queue-keys.ts';

const isBulk = ({ lane = 'bulk' }: NewJob): boolean => lane === 'bulk';
const turnOf = ({ id, group = '', cost = 1 }: NewJob): Turn => ({ id: bullId(id), group, cost });

/** Jobs in one transaction: while it runs nobody else is served. */
const maxAtOnce = 200;

/** How long a lock lasts and how often its absence is looked for, milliseconds. */
export interface Leases {
  readonly lockDuration: number;
  readonly stalledInterval: number;
}

const producerLeases: Leases = { lockDuration: 30_000, stalledInterval: 30_000 };

/** One BullMQ queue by its scripts: the connection is the link's, nothing runs in the background. */
export class BullQueue {
  readonly keys: QueueKeys;
  readonly backend: RedisQueueBackend;
  private readonly bull: Queue<StoredJob>;

  constructor(
    queue: string,
    private readonly link: RedisLink,
    prefix: string,
    leases: Leases = producerLeases,
  ) {
    const options = {
      connection: link.commands,
      prefix,
      skipVersionCheck: true,
      skipWaitingForReady: true,
      skipMetasUpdate: true,
      // A job that killed its worker again and again is the handler's to judge, by its deaths: never lost here.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      ...leases,
    };
    this.bull = new Queue<StoredJob>(bullName(queue), options, createRedisBackend);
    this.bull.on('error', () => undefined);
    this.backend = this.bull.getBackend();
    const key = (type: string): string => this.bull.toKey(type);
    this.keys = {
      wait: key('wait'),
      prioritized: key('prioritized'),
      active: key('active'),
      delayed: key('delayed'),
      meta: key('meta'),
      marker: key('marker'),
      counter: key('pc'),
      turns: key('turns'),
      newcomer: key('newcomer'),
      prefix: key(''),
    };
  }

  async add(jobs: readonly NewJob[]): Promise<number> {
    let added = 0;
    for (let from = 0; from < jobs.length; from += maxAtOnce)
      added += await this.link.run((redis) => this.addSome(redis, jobs.slice(from, from + maxAtOnce)));
    return added;
  }

  depth(): Promise<QueueDepth> {
    return this.link.run((redis) => queueDepth(redis, this.keys, Date.now()));
  }

  /** BullMQ leaves jobs alone that a worker has a lock on. */
  remove(id: string): Promise<boolean> {
    const job = bullId(id);
    return this.link.run(async (redis) => {
      // Sent one after the other without waiting: nothing of this connection comes between.
      const [known, removed] = await Promise.all([
        redis.exists(this.keys.prefix + job),
        this.backend.remove(job, false),
      ]);
      return known === 1 && removed === 1;
    });
  }

  decode(raw: Parameters<typeof Job.fromJSON>[1], id: string): Job<StoredJob> {
    return Job.fromJSON<StoredJob>(this.bull, raw, id);
  }

  /** Lets go of the link's connection. */
  async close(): Promise<void> {
    await this.bull.close().catch(() => undefined);
  }

  /** BullMQ does not tell whether a job was new; in a transaction the question before it does. */
  private async addSome(redis: Redis, jobs: readonly NewJob[]): Promise<number> {
    // One object: BullMQ adds its own method to the client's transaction, which its types do not say.
    const transaction = createIORedisClient(redis).multi() as ChainableCommander & IRedisTransaction;
    const now = Date.now();
    const adding = jobs.map((job) => {
      const { name, data, options } = encodeJob(job, now);
      const bullJob = new Job<StoredJob>(this.bull, name, data, options, options.jobId);
      transaction.exists(this.keys.prefix + options.jobId);
      return this.backend.addJobToTransaction(transaction, bullJob.asJSON(), options.jobId!);
    });
    assignNew(transaction, this.keys, jobs.filter(isBulk).map(turnOf));
    const results = await transaction.exec();
    await Promise.all(adding);
    return countNew(results ?? []);
  }
}

/** Results alternate: whether the job was known, what came of adding it. The last one is that of the turns. */
function countNew(results: readonly [error: Error | null, result: unknown][]): number {
  const failure = results.find(([error]) => error)?.[0];
  if (failure) throw failure;
  return results.slice(0, -1).filter(([, known], index) => index % 2 === 0 && known === 0).length;
}
