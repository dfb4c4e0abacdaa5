/**
 * Two keys a tenant, both with its name as hash tag, so that they share a slot of a cluster. In the hash `usage`: for each
 * limit what is used in its last window, under `tokens:60000`, and which that was, under `tokens:60000@`. In the sorted
 * set `leases`: ids of reservations by the time when their leases end.
 *
 * What is used never goes back when a lease ends, so that to sweep them is to count them.
 */
const common = `
local usage, leases = unpack(KEYS)
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function is_held(id)
  local ends = redis.call('ZSCORE', leases, id)
  return ends and tonumber(ends) > now
end

-- For as long as somebody may come to whom its end is to be told.
local function hold(id, lease_ms)
  local keep_ms = string.format('%.0f', lease_ms + 86400000)
  redis.call('ZADD', leases, string.format('%.0f', now + lease_ms), id)
  redis.call('PEXPIRE', leases, keep_ms, 'NX')
  redis.call('PEXPIRE', leases, keep_ms, 'GT')
end
`;

/**
 * ARGV: id, lease in ms, then for each limit its name, window in ms, maximum, and what is to be reserved.
 * Returns 1 if it is, now, leases that have ended, then for each limit the number of its window and what was used in it.
 */
export const reserve = `${common}
local id, lease_ms = ARGV[1], tonumber(ARGV[2])
local ended = redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)

local granted, keep_ms, found = 1, 0, {}
for n = 3, #ARGV, 4 do
  local name, window_ms, max, cost = ARGV[n], tonumber(ARGV[n + 1]), tonumber(ARGV[n + 2]), tonumber(ARGV[n + 3])
  local used, last = unpack(redis.call('HMGET', usage, name, name .. '@'))
  last = tonumber(last or 0)
  local window = math.max(math.floor(now / window_ms), last)
  used = window == last and tonumber(used) or 0
  if cost > 0 and used + cost > max then granted = 0 end
  keep_ms = math.max(keep_ms, 2 * window_ms)
  table.insert(found, {name = name, window = window, used = used, cost = cost})
end

local answer = {granted, now, ended}
for _, limit in ipairs(found) do
  table.insert(answer, limit.window)
  table.insert(answer, limit.used)
  if granted == 1 then
    redis.call('HSET', usage, limit.name .. '@', string.format('%.0f', limit.window))
    redis.call('HSET', usage, limit.name, string.format('%.0f', limit.used + limit.cost))
  end
end
if granted == 1 then
  redis.call('PEXPIRE', usage, string.format('%.0f', keep_ms))
  hold(id, lease_ms)
end
return answer
`;

/** ARGV: id, then for each charge its name, the number of its window, and what is to be added. Returns 1 if it was held. */
export const settle = `${common}
if not is_held(ARGV[1]) then return 0 end
for n = 2, #ARGV, 3 do
  local name, window, more = ARGV[n], ARGV[n + 1], ARGV[n + 2]
  if redis.call('HGET', usage, name .. '@') == window then redis.call('HINCRBY', usage, name, more) end
end
redis.call('ZREM', leases, ARGV[1])
return 1
`;

/** ARGV: id, lease in ms. Returns 1 if it was held. */
export const renew = `${common}
if not is_held(ARGV[1]) then return 0 end
hold(ARGV[1], tonumber(ARGV[2]))
return 1
`;
