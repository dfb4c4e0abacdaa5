import type { QuotaGrant } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../random-numbers.ts';
import { runSeed, seedNote } from '../seed.ts';
import { limitOf, longMs, type LedgerDesk } from './fixtures.ts';

export function settlingChecks(open: () => LedgerDesk): void {
  describe('settling', () => {
    it('gives back what was not used', async () => {
      const { grant, settle, remaining } = open();
      const limits = [limitOf('requests', 5), limitOf('tokens', 10), limitOf('spend', 100)] as const;
      const held = await grant({ tokens: 9, spend: 80 }, limits);
      expect(await settle(held, { tokens: 3, spend: 25 })).toBe(true);
      expect(await remaining(...limits)).toEqual([4, 7, 75]);
    });

    it('counts what was used beyond it, even more than the limit', async () => {
      const { grant, settle, remaining, reserve } = open();
      const limit = limitOf('tokens', 10);
      const [first, second] = [await grant({ tokens: 3 }, [limit]), await grant({ tokens: 3 }, [limit])];
      expect(await settle(first, { tokens: 5 })).toBe(true);
      expect(await remaining(limit)).toEqual([2]);
      expect(await settle(second, { tokens: 40 })).toBe(true);
      expect(await remaining(limit)).toEqual([0]);
      expect(await reserve({ tokens: 1 }, [limit])).toMatchObject({ outcome: 'wait' });
    });

    it('counts once', async () => {
      const { ledger, grant, settle, remaining } = open();
      const limit = limitOf('tokens', 10);
      const held = await grant({ tokens: 4 }, [limit]);
      const both = await Promise.all([settle(held, { tokens: 1 }), settle(held, { tokens: 1 })]);
      expect(both.sort()).toEqual([false, true]);
      expect(await settle(held, { tokens: 9 })).toBe(false);
      expect(await ledger.renew(held, longMs)).toBe(false);
      expect(await remaining(limit)).toEqual([9]);
    });

    it('changes what was reserved, under whatever limits are reserved by now', async () => {
      const { grant, settle, remaining } = open();
      const [tokens, requests] = [limitOf('tokens', 10), limitOf('requests', 10)];
      const held = await grant({ tokens: 4 }, [tokens]);
      await grant({ tokens: 1 }, [tokens, requests]);
      await settle(held, { tokens: 2 });
      expect(await remaining(tokens, requests)).toEqual([7, 9]);
    });

    it(`agrees with a plain sum, whatever comes in whatever order, much of it at once (${seedNote})`, async () => {
      const desk = open();
      const random = randomNumbers(runSeed);
      const upTo = (max: number) => Math.floor(random() * (max + 1));
      const limits = [limitOf('tokens', 2_000), limitOf('requests', 1_000)];
      const held: { grant: QuotaGrant; tokens: number }[] = [];
      const used = { tokens: 0, requests: 0 };
      const reserve = async (tokens: number) => {
        const reservation = await desk.reserve({ tokens }, limits);
        if (reservation.outcome !== 'granted') return;
        used.tokens += tokens;
        used.requests += 1;
        held.push({ grant: reservation.grant, tokens });
      };
      const settle = async () => {
        const [one] = held.splice(upTo(held.length - 1), 1);
        if (!one) return;
        const tokens = upTo(2 * one.tokens);
        used.tokens += tokens - one.tokens;
        expect(await desk.settle(one.grant, { tokens })).toBe(true);
      };
      for (let round = 0; round < 30; round++) {
        await Promise.all(
          Array.from({ length: 10 }, () => (random() < 0.6 ? reserve(1 + upTo(60)) : settle())),
        );
        expect(await desk.remaining(...limits)).toEqual([
          ...[Math.max(0, 2_000 - used.tokens), 1_000 - used.requests],
        ]);
      }
    });
  });
}
