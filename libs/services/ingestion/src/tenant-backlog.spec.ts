import { describe, expect, it } from 'vitest';
import type { Registry } from '@millrace/ports';
import { TenantBacklog } from './tenant-backlog.ts';

function setting(maxUnfinished: number, eagerDocuments = 0) {
  const unfinished = new Map<string, number>();
  const asked: string[] = [];
  let now = 1_000_000;
  const documents = {
    unfinished: async (tenant: string) => {
      asked.push(tenant);
      return unfinished.get(tenant) ?? 0;
    },
  };
  const settings = {
    ...{ chunkTokens: 256, maxChunks: 100, relayBatch: 10, maxClaimMb: 1, orphanHours: 0 },
    ...{ maxUnfinished, eagerDocuments },
  };
  const backlog = new TenantBacklog({ documents } as unknown as Registry, { now: () => now }, settings);
  const codes = async (...tenants: string[]): Promise<string[]> => {
    const outcomes = await Promise.allSettled(tenants.map((tenant) => backlog.admit(tenant)));
    return outcomes.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as { code: string }).code));
  };
  return { unfinished, asked, codes, later: (ms: number) => (now += ms) };
}

describe('what one tenant has on its way', () => {
  it('is bounded, also between two counts, and is no other tenant’s business', async () => {
    const { codes, asked, unfinished } = setting(3);
    unfinished.set('a', 1);
    expect(await codes('a', 'a', 'a', 'b')).toEqual(['ok', 'ok', 'rate_limited', 'ok']);
    expect(asked).toEqual(['a', 'b']);
  });

  it('is bounded with those who stand in the line, also once it is counted anew', async () => {
    const { codes, later, unfinished } = setting(6, 2);
    unfinished.set('a', 2);
    const inLine = codes('a', 'a', 'a');
    await new Promise((turn) => setImmediate(turn));
    later(1_001);
    expect(await codes('a', 'a')).toEqual(['ok', 'rate_limited']);
    expect(await inLine).toEqual(['ok', 'ok', 'ok']);
  });

  it('is counted again after a second', async () => {
    const { codes, later, unfinished } = setting(2);
    unfinished.set('a', 2);
    expect(await codes('a')).toEqual(['rate_limited']);
    unfinished.set('a', 1);
    later(1_001);
    expect(await codes('a', 'a')).toEqual(['ok', 'rate_limited']);
  });

  it('is not counted where there is no bound', async () => {
    const { codes, asked } = setting(0);
    expect([await codes('a', 'a'), asked]).toEqual([['ok', 'ok'], []]);
  });

  it('is taken more slowly beyond a number, and that of others is not', async () => {
    const { codes, unfinished } = setting(0, 2);
    unfinished.set('a', 1);
    const began = performance.now();
    expect(await codes('a', 'b')).toEqual(['ok', 'ok']);
    const eager = performance.now() - began;
    expect(await codes('a', 'a', 'a')).toEqual(['ok', 'ok', 'ok']);
    expect(performance.now() - began - eager).toBeGreaterThan(100);
  });

  it('is taken beside others so that two are on their way at first', async () => {
    const { codes, later, unfinished } = setting(0, 64);
    const millis = async (): Promise<number> => {
      const began = performance.now();
      expect(await codes('a', 'a')).toEqual(['ok', 'ok']);
      return performance.now() - began;
    };
    unfinished.set('a', 10);
    expect(await millis()).toBeLessThan(40);
    await codes('b');
    expect(await millis()).toBeGreaterThan(75);
    // Four were accepted and three are finished: with eleven on their way where two are wanted, the line hardly moves.
    later(1_000);
    unfinished.set('a', 11);
    expect(await millis()).toBeGreaterThan(350);
    // With one on its way it moves faster than documents are finished.
    later(1_000);
    unfinished.set('a', 1);
    await codes('a');
    expect(await millis()).toBeLessThan(350);
    later(61_000);
    expect(await millis()).toBeLessThan(40);
  });

  it('is let in at once beside others where one is pushed after the other', async () => {
    const { codes, later, unfinished } = setting(0, 64);
    const began = performance.now();
    for (let n = 0; n < 20; n++) {
      unfinished.set('a', n % 2);
      expect(await codes('a')).toEqual(['ok']);
      later(70);
      if (n === 5) await codes('b');
    }
    expect(performance.now() - began).toBeLessThan(40);
  });
});
