import type { QueueDepth } from '@millrace/ports';
import type { QueueKeys } from './queue-keys.ts';
import type { Redis } from 'ioredis';

/**
 * Counts and looks at the heads of the queue in one step. A job is ready to run since its enqueue plus its first
 * delay, or since the time its retry was put off to (`due`, written by the worker). Scores of delayed jobs are due
 * times times 4096; they come as text, for a number of Lua would lose digits as an argument. Bulk jobs lie in the
 * order of their turns: the one that waits longest is looked for among the first hundred, where each group's first is.
 */
const script = `
local wait, prioritized, active, delayed, meta = unpack(KEYS)
local prefix, lastDue = ARGV[1], ARGV[2]
local due = redis.call('ZCOUNT', delayed, 0, lastDue)
local later = redis.call('ZCARD', delayed) - due
local running = redis.call('LLEN', active)
if redis.call('HEXISTS', meta, 'paused') == 1 then return {0, running, later + due} end
local ready = redis.call('LLEN', wait) + redis.call('ZCARD', prioritized) + due
local since = {}
local function look(id)
  if not id then return end
  local job = redis.call('HMGET', prefix .. id, 'timestamp', 'opts', 'due')
  if job[3] then table.insert(since, job[3]) return end
  if not job[1] then return end
  local read, options = pcall(cjson.decode, job[2])
  local delay = read and options.delay or 0
  table.insert(since, string.format('%.0f', tonumber(job[1]) + delay))
end
look(redis.call('LINDEX', wait, -1))
for _, id in ipairs(redis.call('ZRANGE', prioritized, 0, 99)) do look(id) end
if due > 0 then look(redis.call('ZRANGE', delayed, 0, 0)[1]) end
return {ready, running, later, unpack(since)}
`;

/** Counts of one queue at `now`, epoch milliseconds. Nothing is runnable while somebody has it paused. */
export async function queueDepth(redis: Redis, keys: QueueKeys, now: number): Promise<QueueDepth> {
  const { wait, prioritized, active, delayed, meta, prefix } = keys;
  const lastDue = String((now + 1) * 4096 - 1);
  const found = await redis.eval(script, 5, wait, prioritized, active, delayed, meta, prefix, lastDue);
  const [runnable, inflight, later, ...since] = (found as (number | string)[]).map(Number);
  return {
    runnable: runnable!,
    inflight: inflight!,
    delayed: later!,
    oldestAgeMs: since.length === 0 ? 0 : Math.max(0, now - Math.min(...since)),
  };
}
