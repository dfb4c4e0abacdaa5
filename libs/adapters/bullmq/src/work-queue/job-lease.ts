import type { Redis } from 'ioredis';
import type { BullQueue } from './bull-queue.ts';

/** A job that is held, by its id in BullMQ and the token of its lock. */
export interface Held {
  readonly id: string;
  readonly token: string;
}

/** Takes a lock again that ran out while Redis was away, if the job is still there and nobody else has it. */
const relock = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('GET', KEYS[2]) == ARGV[1] then return 1 end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
`;

/** Renews the locks of all held jobs; those that ran out are taken again where that is still possible. */
export async function renew(
  queue: BullQueue,
  redis: Redis,
  held: readonly Held[],
  leaseMs: number,
): Promise<void> {
  const ids = held.map(({ id }) => id);
  const tokens = held.map(({ token }) => token);
  const expired = new Set(await queue.backend.extendLocks(ids, tokens, leaseMs));
  await Promise.all(
    held.filter(({ id }) => expired.has(id)).map((one) => lockAgain(queue, redis, one, leaseMs)),
  );
}

/** Whether the job is held now. */
export async function lockAgain(
  queue: BullQueue,
  redis: Redis,
  held: Held,
  leaseMs: number,
): Promise<boolean> {
  const job = queue.keys.prefix + held.id;
  return (await redis.eval(relock, 2, job, `${job}:lock`, held.token, Math.round(leaseMs))) === 1;
}
