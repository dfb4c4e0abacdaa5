import { describe, expect, it } from 'vitest';
import { unique } from '../harness.ts';
import { costOf, limitOf, longMs, remainingOf, type LedgerDesk } from './fixtures.ts';

export function reservingChecks(open: () => LedgerDesk): void {
  describe('reserving', () => {
    it('grants as much as a limit has, and tells what is left', async () => {
      const { reserve } = open();
      const limit = limitOf('tokens', 10);
      for (const left of [6, 2]) {
        const reservation = await reserve({ tokens: 4 }, [limit]);
        expect(reservation).toMatchObject({ outcome: 'granted', standings: [{ limit, remaining: left }] });
      }
      expect(await reserve({ tokens: 4 }, [limit])).toMatchObject({
        ...{ outcome: 'wait', limit, standings: [{ limit, remaining: 2 }] },
      });
      expect(await reserve({ tokens: 2 }, [limit])).toMatchObject({ outcome: 'granted' });
    });

    it('takes under all limits or under none', async () => {
      const { reserve, remaining } = open();
      const limits = [limitOf('requests', 5), limitOf('tokens', 10), limitOf('spend', 100)] as const;
      const cost = { tokens: 8, spend: 30 };
      expect(remainingOf((await reserve(cost, limits)).standings)).toEqual([4, 2, 70]);
      expect(await reserve(cost, limits)).toMatchObject({ outcome: 'wait', limit: limits[1] });
      expect(await remaining(...limits)).toEqual([4, 2, 70]);
    });

    it('counts windows of several lengths beside each other', async () => {
      const { reserve, remaining } = open();
      const [long, longer] = [
        limitOf('tokens', 10),
        limitOf('tokens', 25, 2 * limitOf('tokens', 0).windowMs),
      ];
      await reserve({ tokens: 10 }, [long, longer]);
      expect(await remaining(long, longer)).toEqual([0, 15]);
      expect(await reserve({ tokens: 1 }, [longer])).toMatchObject({ outcome: 'granted' });
    });

    it('says so when it fits into no window', async () => {
      const { reserve, remaining } = open();
      const limits = [limitOf('requests', 5), limitOf('tokens', 10)];
      expect(await reserve({ tokens: 11 }, limits)).toMatchObject({ outcome: 'never', limit: limits[1] });
      expect(await reserve({}, [limitOf('requests', 0)])).toMatchObject({ outcome: 'never' });
      expect(await remaining(...limits)).toEqual([5, 10]);
    });

    it('holds nothing against what costs nothing', async () => {
      const { reserve, grant, settle } = open();
      const limit = limitOf('spend', 10);
      await settle(await grant({ spend: 10 }, [limit]), { spend: 50 });
      expect(await reserve({ spend: 0 }, [limit])).toMatchObject({ outcome: 'granted' });
      expect(await reserve({ spend: 1 }, [limit])).toMatchObject({ outcome: 'wait' });
    });

    it('keeps tenants apart', async () => {
      const { ledger, reserve } = open();
      const limit = limitOf('tokens', 10);
      await reserve({ tokens: 10 }, [limit]);
      const other = await ledger.reserve(unique('tenant'), costOf({ tokens: 10 }), [limit], longMs);
      expect(other.outcome).toBe('granted');
    });

    it('goes by the limit that it is given, and counts from the first on', async () => {
      const { reserve } = open();
      await reserve({ tokens: 10 }, [limitOf('tokens', 10)]);
      expect(await reserve({ tokens: 5 }, [limitOf('tokens', 20)])).toMatchObject({ outcome: 'granted' });
      expect(await reserve({ tokens: 5 }, [limitOf('tokens', 12)])).toMatchObject({
        ...{ outcome: 'wait', standings: [{ remaining: 0 }] },
      });
      expect(await reserve({ tokens: 5 }, [limitOf('requests', 1)])).toMatchObject({ outcome: 'granted' });
    });

    it('grants exactly as many of many at once as there is room for', async () => {
      const { reserve, remaining } = open();
      const limits = [limitOf('requests', 1_000), limitOf('tokens', 700)];
      const all = await Promise.all(Array.from({ length: 200 }, () => reserve({ tokens: 9 }, limits)));
      expect(all.filter(({ outcome }) => outcome === 'granted')).toHaveLength(77);
      expect(await remaining(...limits)).toEqual([923, 7]);
    });

    it('counts large amounts to the last one', async () => {
      const { reserve } = open();
      const limit = limitOf('spend', 2 ** 52);
      await reserve({ spend: 2 ** 52 - 2 }, [limit]);
      expect(await reserve({ spend: 1 }, [limit])).toMatchObject({ standings: [{ remaining: 1 }] });
      expect(await reserve({ spend: 2 }, [limit])).toMatchObject({ outcome: 'wait' });
      expect(await reserve({ spend: 1 }, [limit])).toMatchObject({ outcome: 'granted' });
    });
  });
}
