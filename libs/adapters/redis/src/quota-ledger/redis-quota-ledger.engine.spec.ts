import type { QuotaLedger, QuotaLimit } from '@millrace/ports';
import { engine, Line, noEngine, quotaLedgerConformance, unique, until } from '@millrace/testing';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, it } from 'vitest';
import { RedisQuotaLedger, type RedisQuotaLedgerOptions } from './redis-quota-ledger.ts';

const patienceMs = 10_000;
const redis = engine('redis');

/** Connected, and patient: the machine of the tests may be busy. */
async function opened(options: Partial<RedisQuotaLedgerOptions> = {}): Promise<RedisQuotaLedger> {
  const ledger = RedisQuotaLedger.open({ url: redis!.url, timeoutMs: 5_000, ...options });
  await until(async () => expect(await ledger.healthy()).toBe(true), patienceMs);
  return ledger;
}

describe('on Redis', () => {
  beforeEach((context) => context.skip(!redis, noEngine('redis')));

  quotaLedgerConformance('RedisQuotaLedger', async () => {
    const prefix = `${unique('quota')}:`;
    const ledgers: QuotaLedger[] = [];
    return {
      open: async () => {
        const ledger = await opened({ prefix });
        ledgers.push(ledger);
        return ledger;
      },
      kill: (ledger) => ledger.close(),
      dispose: async () => void (await Promise.all(ledgers.map((ledger) => ledger.close()))),
    };
  });
});

describe('RedisQuotaLedger', () => {
  let line: Line;
  let prefix: string;
  let ledger: RedisQuotaLedger;

  beforeEach(async (context) => {
    if (!redis) return context.skip(noEngine('redis'));
    const { hostname: host, port } = new URL(redis.url);
    line = await Line.to({ host, port: Number(port || 6379) });
    prefix = `${unique('quota')}:`;
    ledger = await opened({ url: line.through(redis.url), prefix, timeoutMs: 300 });
    return async () => {
      await ledger.close();
      await line.close();
    };
  });

  const cost = { requests: 1, tokens: 10, spend: 0 };
  const limits: QuotaLimit[] = [{ measure: 'tokens', windowMs: 86_400_000, max: 1_000 }];
  const reserve = (by: QuotaLedger = ledger) => by.reserve('acme', cost, limits, 60_000);

  it('holds callers of several processes to one limit', async () => {
    const ledgers = await Promise.all(Array.from({ length: 4 }, () => opened({ prefix })));
    const all = await Promise.all(Array.from({ length: 200 }, (_, n) => reserve(ledgers[n % 4])));
    expect(all.filter(({ outcome }) => outcome === 'granted')).toHaveLength(100);
    await Promise.all(ledgers.map((one) => one.close()));
  });

  it.each(['cut', 'silence'] as const)(
    'rejects, soon, while Redis is away (%s), and recovers',
    async (fails) => {
      const held = await reserve();
      if (held.outcome !== 'granted') throw new Error('there was room');
      line[fails]();
      const before = performance.now();
      const away = expect.objectContaining({ code: 'dependency_unavailable' }) as Error;
      await expect(reserve()).rejects.toEqual(away);
      await expect(ledger.settle(held.grant, cost)).rejects.toEqual(away);
      await expect(ledger.renew(held.grant, 60_000)).rejects.toEqual(away);
      expect(await ledger.healthy()).toBe(false);
      expect(performance.now() - before).toBeLessThan(4_000);
      line.restore();
      await until(async () => expect(await ledger.settle(held.grant, cost)).toBe(true), patienceMs);
    },
  );

  it('waits for a connection that is coming', async () => {
    const other = RedisQuotaLedger.open({ url: redis!.url, prefix, timeoutMs: 5_000 });
    expect(await reserve(other)).toMatchObject({ outcome: 'granted' });
    await other.close();
  });

  it('keeps what a tenant has in one slot of a cluster, and nothing for ever', async () => {
    await reserve();
    const plain = new Redis(redis!.url);
    const keys = await plain.keys(`${prefix}*`);
    expect(keys.sort()).toEqual([`${prefix}{acme}:leases`, `${prefix}{acme}:usage`]);
    for (const key of keys) expect(await plain.pttl(key)).toBeGreaterThan(86_000_000);
    await plain.quit();
  });

  it('never goes back to a window that it has left, whatever its clock does', async () => {
    await reserve();
    const plain = new Redis(redis!.url);
    const day = Math.floor(Date.now() / 86_400_000);
    await plain.hset(`${prefix}{acme}:usage`, { 'tokens:86400000@': day + 1, 'tokens:86400000': 995 });
    expect(await reserve()).toMatchObject({ outcome: 'wait', standings: [{ remaining: 5 }] });
    await plain.quit();
  });
});
