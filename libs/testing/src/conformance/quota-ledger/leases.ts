import { describe, expect, it } from 'vitest';
import { passes, until } from '../harness.ts';
import { limitOf, longMs, type LedgerDesk } from './fixtures.ts';

const briefMs = 200;

export function leaseChecks(open: () => LedgerDesk): void {
  describe('a lease', () => {
    const limit = limitOf('tokens', 10);

    /** Resolves when one has ended and was told of. */
    const ends = (desk: LedgerDesk): Promise<void> =>
      until(async () => {
        const { endedLeases } = await desk.ledger.reserve(desk.tenant, nothing, [limit], longMs);
        expect(endedLeases).toBe(1);
      }, desk.patience);
    const nothing = { requests: 0, tokens: 0, spend: 0 };

    it('that ends leaves what was reserved as used, is told of once, and cannot be settled', async () => {
      const desk = open();
      const held = await desk.grant({ tokens: 4 }, [limit], briefMs);
      await ends(desk);
      expect(await desk.settle(held, { tokens: 1 })).toBe(false);
      expect(await desk.ledger.renew(held, longMs)).toBe(false);
      expect(await desk.reserve({ tokens: 1 }, [limit])).toMatchObject({
        ...{ endedLeases: 0, standings: [{ remaining: 5 }] },
      });
    });

    it('that has ended but was told to nobody yet cannot be settled either, and is still told of', async () => {
      const desk = open();
      const held = await desk.grant({ tokens: 4 }, [limit], briefMs);
      await passes(briefMs + 50);
      expect(await desk.settle(held, { tokens: 1 })).toBe(false);
      expect(await desk.ledger.renew(held, longMs)).toBe(false);
      await ends(desk);
      expect(await desk.remaining(limit)).toEqual([6]);
    });

    it('that is renewed goes on', async () => {
      const desk = open();
      const held = await desk.grant({ tokens: 4 }, [limit], 1_000);
      expect(await desk.ledger.renew(held, longMs)).toBe(true);
      await passes(1_100);
      expect(await desk.settle(held, { tokens: 1 })).toBe(true);
      expect(await desk.reserve({ tokens: 1 }, [limit])).toMatchObject({
        ...{ endedLeases: 0, standings: [{ remaining: 8 }] },
      });
    });

    it('of a holder that is killed ends by itself, and what it reserved stays used', async () => {
      const desk = open();
      await desk.grant({ tokens: 4 }, [limit], 1_000);
      await desk.grant({ tokens: 3 }, [limit]);
      await desk.crash();
      expect(await desk.remaining(limit)).toEqual([3]);
      await ends(desk);
      expect(await desk.remaining(limit)).toEqual([3]);
    });

    it('can be settled by who has the grant, whoever reserved it', async () => {
      const desk = open();
      const held = await desk.grant({ tokens: 4 }, [limit]);
      await desk.crash();
      expect(await desk.settle(held, { tokens: 1 })).toBe(true);
      expect(await desk.remaining(limit)).toEqual([9]);
    });
  });
}
