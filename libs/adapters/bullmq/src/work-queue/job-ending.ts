import { ErrorCode, type Job as BullJob } from 'bullmq';
import type { Redis } from 'ioredis';
import type { BullQueue } from './bull-queue.ts';
import { groupOf, type StoredJob } from './job-codec.ts';
import { lockAgain } from './job-lease.ts';
import { assignAgain } from './turn-scripts.ts';

/** How a run ends in Redis. It comes again at `dueAt`, epoch milliseconds: after `retry` with one attempt more. */
export type Ending =
  | { readonly action: 'complete' }
  | { readonly action: 'handBack' }
  | { readonly action: 'retry' | 'wait'; readonly dueAt: number };

export interface Taken {
  readonly job: BullJob<StoredJob>;
  readonly token: string;
}

/**
 * Writes the end of a run. Resolves also when there is nothing to write any more: the job was flushed away, or its
 * lock ran out and another worker has it. Rejects when Redis does not answer.
 */
export async function writeEnding(
  queue: BullQueue,
  redis: Redis,
  taken: Taken,
  ending: Ending,
  leaseMs: number,
): Promise<void> {
  if (ending.action === 'retry' || ending.action === 'wait')
    await assignAgain(redis, queue.keys, { id: taken.job.id!, group: groupOf(taken.job) });
  const failure = await attempt(queue, taken, ending);
  if (failure !== ErrorCode.JobLockNotExist) return;
  const held = { id: taken.job.id!, token: taken.token };
  if (await lockAgain(queue, redis, held, leaseMs)) await attempt(queue, taken, ending);
}

/** The code of BullMQ's refusal, if it refused. */
async function attempt(queue: BullQueue, taken: Taken, ending: Ending): Promise<ErrorCode | undefined> {
  try {
    await end(queue, taken, ending);
    return undefined;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'number') return code;
    throw error;
  }
}

async function end({ backend }: BullQueue, { job, token }: Taken, ending: Ending): Promise<void> {
  if (ending.action === 'complete') await backend.moveToCompleted(job, null, true, token, false);
  else if (ending.action === 'handBack') await backend.moveJobFromActiveToWait(job.id!, token);
  else {
    const now = Date.now();
    const fieldsToUpdate = { due: ending.dueAt };
    const delay = Math.max(0, ending.dueAt - now);
    const skipAttempt = ending.action === 'wait';
    await backend.moveToDelayed(job.id!, now, delay, token, { skipAttempt, fieldsToUpdate });
  }
}
