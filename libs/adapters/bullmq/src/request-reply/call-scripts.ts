import type { Lane } from '@millrace/ports';
import type { Redis } from 'ioredis';
import type { CallKeys } from './call-keys.ts';

/** A server that was not heard of for this long is dead: calls are not let in for it any more. */
export const serverTtlMs = 3_000;
/** Waiting calls nobody ever takes are forgotten after this long past the latest deadline. */
const forgottenAfterMs = 60_000;

/** By the clock of Redis, for those of the processes may differ. */
const nowMs = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** Counts the living servers and sums their room, forgets the dead. */
const living = `
local alive, room = 0, 0
local known = redis.call('HGETALL', KEYS[1])
for i = 1, #known, 2 do
  local expires, its = string.match(known[i + 1], '^(%d+) (%d+)$')
  if tonumber(expires) > now then
    alive = alive + 1
    room = room + tonumber(its)
  else
    redis.call('HDEL', KEYS[1], known[i])
  end
end
`;

const admitScript = `
${nowMs}
${living}
if alive == 0 then return 'nobody' end
local lane, other = KEYS[2], KEYS[3]
if redis.call('LLEN', lane) + redis.call('LLEN', other) >= room then return 'full' end
redis.call('RPUSH', lane, ARGV[1])
local ttl = tonumber(ARGV[2])
if redis.call('PTTL', lane) < ttl then redis.call('PEXPIRE', lane, ttl) end
return 'waiting'
`;

const announceScript = `
${nowMs}
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %d', now + ARGV[2], ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/** The last one to leave takes the waiting calls along. */
const retireScript = `
${nowMs}
redis.call('HDEL', KEYS[1], ARGV[1])
${living}
if alive > 0 then return {} end
local left = {}
for lane = 2, 3 do
  for _, call in ipairs(redis.call('LRANGE', KEYS[lane], 0, -1)) do table.insert(left, call) end
  redis.call('DEL', KEYS[lane])
end
return left
`;

export type Admission = 'waiting' | 'full' | 'nobody';

interface CallCommands {
  millraceAdmit(servers: string, lane: string, other: string, call: string, ttl: number): Promise<Admission>;
  millraceAnnounce(servers: string, server: string, ttl: number, room: number): Promise<unknown>;
  millraceRetire(servers: string, one: string, other: string, server: string): Promise<string[]>;
}

/** What is decided at Redis in one step, about the calls of a method. */
export class CallScripts {
  private readonly commands: CallCommands;

  constructor(redis: Redis) {
    redis.defineCommand('millraceAdmit', { numberOfKeys: 3, lua: admitScript });
    redis.defineCommand('millraceAnnounce', { numberOfKeys: 1, lua: announceScript });
    redis.defineCommand('millraceRetire', { numberOfKeys: 3, lua: retireScript });
    this.commands = redis as unknown as CallCommands;
  }

  /** Lets a call wait if somebody serves the method and has room. `leftMs`: until its deadline. */
  admit({ servers, lanes }: CallKeys, lane: Lane, call: string, leftMs: number): Promise<Admission> {
    const other = lane === 'interactive' ? lanes.bulk : lanes.interactive;
    const ttl = Math.ceil(leftMs) + forgottenAfterMs;
    return this.commands.millraceAdmit(servers, lanes[lane], other, call, ttl);
  }

  /** Says that a server is alive, and how many calls may wait for it: those it can run at once included. */
  announce({ servers }: CallKeys, server: string, room: number): Promise<unknown> {
    return this.commands.millraceAnnounce(servers, server, serverTtlMs, room);
  }

  /** Takes a server off. Returns the calls that now wait for nobody. */
  retire({ servers, lanes }: CallKeys, server: string): Promise<string[]> {
    return this.commands.millraceRetire(servers, lanes.interactive, lanes.bulk, server);
  }
}
