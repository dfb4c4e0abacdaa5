import type { ChainableCommander, Redis } from 'ioredis';
import type { QueueKeys } from './queue-keys.ts';

/**
 * Turns of groups, as BullMQ's priorities: a job's is where its group's turn starts (see `Turns` in the ports), so
 * BullMQ itself hands jobs out in turn, whoever works and whatever dies. Kept in the hash `turns`: `now`, and under
 * `g:GROUP` where the group's last turn ends. A flush takes both along.
 */
const highest = 2 ** 21 - 1;

/** The priority of a job that has just been added, until its turn is set in the same transaction. */
export const unset = highest;

/** Above this everything is counted anew from 1, unless so many jobs wait that others would notice. */
const recountAbove = 2 ** 20;
const recountAtMost = 250_000;

/** Scores are priority * 2^32 + arrival; as text, for a number of Lua may lose digits as an argument. */
const common = `
local unit, unset = 4294967296, ${highest}
local function set_score(prioritized, id, score) redis.call('ZADD', prioritized, string.format('%.0f', score), id) end
`;

/**
 * Sets the turns of new jobs, or that of one that will run again. Where nothing waits all groups are equal. Whoever is
 * not ahead of now may be wanted by a worker whose places are full: it is told by the marker \`newcomer\`.
 */
const assign = `${common}
local wait, prioritized, active, delayed, turns, newcomer = unpack(KEYS)
local prefix, again = ARGV[1], ARGV[2] == '1'
local now = tonumber(redis.call('HGET', turns, 'now') or 1)

local head = tonumber(redis.call('ZRANGE', prioritized, 0, 0, 'WITHSCORES')[2] or unset * unit)
local first = math.floor(head / unit)
if first == unset then
  for _, value in ipairs(redis.call('HVALS', turns)) do now = math.max(now, tonumber(value)) end
  redis.call('DEL', turns)
else
  now = math.max(now, first)
end

local function recount()
  local shift = now - 1
  local function later(priority) return math.max(1, priority - shift) end
  local scored = redis.call('ZRANGE', prioritized, 0, -1, 'WITHSCORES')
  for n = 1, #scored, 2 do
    local priority = math.floor(tonumber(scored[n + 1]) / unit)
    if priority ~= unset then
      redis.call('HSET', prefix .. scored[n], 'priority', later(priority))
      set_score(prioritized, scored[n], tonumber(scored[n + 1]) - (priority - later(priority)) * unit)
    end
  end
  local function others(ids)
    for _, id in ipairs(ids) do
      local priority = tonumber(redis.call('HGET', prefix .. id, 'priority') or 0)
      if priority > 0 and priority ~= unset then redis.call('HSET', prefix .. id, 'priority', later(priority)) end
    end
  end
  others(redis.call('ZRANGE', delayed, 0, -1))
  others(redis.call('LRANGE', active, 0, -1))
  others(redis.call('LRANGE', wait, 0, -1))
  local ends = redis.call('HGETALL', turns)
  for n = 1, #ends, 2 do redis.call('HSET', turns, ends[n], later(tonumber(ends[n + 1]))) end
  now = 1
end
if now > ${recountAbove} and redis.call('ZCARD', prioritized) + redis.call('ZCARD', delayed) <= ${recountAtMost} then
  recount()
end

local function forget_past()
  local ends = redis.call('HGETALL', turns)
  for n = 1, #ends, 2 do if tonumber(ends[n + 1]) <= now then redis.call('HDEL', turns, ends[n]) end end
end
if redis.call('HLEN', turns) > 1000 then forget_past() end

for n = 3, #ARGV, 3 do
  local id, group, cost = ARGV[n], 'g:' .. ARGV[n + 1], tonumber(ARGV[n + 2])
  local job = prefix .. id
  local priority, known = unpack(redis.call('HMGET', job, 'priority', 'cost'))
  if priority and (again or tonumber(priority) == unset) then
    cost = again and tonumber(known or 1) or cost
    local ends = tonumber(redis.call('HGET', turns, group) or 0)
    local start = math.max(now, ends)
    local turn = math.min(start, unset - 1)
    redis.call('HSET', turns, group, start + cost)
    redis.call('HSET', job, 'priority', turn, 'cost', cost)
    local score = redis.call('ZSCORE', prioritized, id)
    if score then set_score(prioritized, id, tonumber(score) - (tonumber(priority) - turn) * unit) end
    if ends <= now then redis.call('ZADD', newcomer, 0, '0') end
  end
end
redis.call('HSET', turns, 'now', now)
return now
`;

/** Of the jobs that wait, so many are looked at: a group that is not ahead stands among the first. */
const lookedAt = 128;

/**
 * Puts the first job of a group that is not among the given ones where BullMQ takes it next. What is due joins first,
 * as BullMQ does it; one that was put there before, and that nobody took, is enough. Returns 1 if there is one, and when
 * the next delayed job is due. A turn out of turn is not charged to a group that has nothing else waiting.
 */
const pass = `${common}
local wait, prioritized, delayed, turns, meta, counter = unpack(KEYS)
local prefix, last_due = ARGV[1], ARGV[2]
if redis.call('HEXISTS', meta, 'paused') == 1 then return {0, 0} end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', delayed, 0, last_due, 'LIMIT', 0, 1000)) do
  local priority = tonumber(redis.call('HGET', prefix .. id, 'priority') or 0)
  redis.call('ZREM', delayed, id)
  redis.call('HSET', prefix .. id, 'delay', 0)
  if priority == 0 then redis.call('LPUSH', wait, id)
  else set_score(prioritized, id, priority * unit + redis.call('INCR', counter) % unit) end
end

local without = {}
for n = 3, #ARGV do without[ARGV[n]] = true end
local function group_of(name) return string.match(name, '^bulk/(.*)$') or '' end

local passed = 0
local let_before = redis.call('LINDEX', wait, -1)
local name_before = let_before and redis.call('HGET', prefix .. let_before, 'name')
if name_before and name_before ~= 'interactive' and not without[group_of(name_before)] then return {1, '0'} end

for _, id in ipairs(redis.call('ZRANGE', prioritized, 0, ${lookedAt - 1})) do
  local name, priority, cost = unpack(redis.call('HMGET', prefix .. id, 'name', 'priority', 'cost'))
  local group = group_of(name or '')
  if not without[group] then
    redis.call('ZREM', prioritized, id)
    redis.call('RPUSH', wait, id)
    local ends = tonumber(redis.call('HGET', turns, 'g:' .. group) or 0)
    if #ARGV > 2 and ends <= tonumber(priority or 0) + tonumber(cost or 1) then
      redis.call('HDEL', turns, 'g:' .. group)
    end
    passed = 1
    break
  end
end
local next_due = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
return {passed, next_due and string.format('%.0f', math.floor(tonumber(next_due) / 4096)) or '0'}
`;

/** A job by its id in BullMQ. */
export interface Turn {
  readonly id: string;
  readonly group: string;
  readonly cost: number;
}

const assignArguments = (
  { wait, prioritized, active, delayed, turns, newcomer, prefix }: QueueKeys,
  again: boolean,
  jobs: readonly Turn[],
) =>
  [
    assign,
    6,
    ...[wait, prioritized, active, delayed, turns, newcomer, prefix, again ? '1' : '0'],
    ...jobs.flatMap(({ id, group, cost }) => [id, group, cost]),
  ] as const;

/** Of these the new ones get their turn when the transaction is executed. */
export function assignNew(transaction: ChainableCommander, keys: QueueKeys, jobs: readonly Turn[]): void {
  transaction.eval(...assignArguments(keys, false, jobs));
}

/** A job that ran and will again pays for that, too. */
export async function assignAgain(redis: Redis, keys: QueueKeys, job: Omit<Turn, 'cost'>): Promise<void> {
  await redis.eval(...assignArguments(keys, true, [{ ...job, cost: 1 }]));
}

export interface Passed {
  readonly passed: boolean;
  /** Epoch milliseconds; 0 when nothing is delayed. */
  readonly nextDueAt: number;
}

export async function letPass(
  redis: Redis,
  { wait, prioritized, delayed, turns, meta, counter, prefix }: QueueKeys,
  without: readonly string[] = [],
): Promise<Passed> {
  const lastDue = String((Date.now() + 1) * 4096 - 1);
  const keys = [wait, prioritized, delayed, turns, meta, counter];
  const [passed, nextDueAt] = (await redis.eval(pass, keys.length, ...keys, prefix, lastDue, ...without)) as [
    number,
    string,
  ];
  return { passed: passed === 1, nextDueAt: Number(nextDueAt) };
}
