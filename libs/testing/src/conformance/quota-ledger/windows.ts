import type { Reservation } from '@millrace/ports';
import { describe, expect, it } from 'vitest';
import { passes, until } from '../harness.ts';
import { granted, limitOf, type LedgerDesk } from './fixtures.ts';

const shortMs = 1_000;
/** Clocks and timers may be this much apart. */
const slackMs = 50;

export function windowChecks(open: () => LedgerDesk): void {
  describe('windows', () => {
    const short = limitOf('tokens', 10, shortMs);
    const long = limitOf('tokens', 25);

    /** A reservation with most of a window still to come. */
    const early = async (desk: LedgerDesk, tokens: number, limits = [short]): Promise<Reservation> => {
      await passes(shortMs - (Date.now() % shortMs) + slackMs);
      return desk.reserve({ tokens }, limits);
    };

    it('end when they said, and are all there again', async () => {
      const desk = open();
      const { standings } = await early(desk, 10);
      const refused = await desk.reserve({ tokens: 1 }, [short]);
      if (refused.outcome !== 'wait') throw new Error('there should have been nothing left');
      expect(refused.waitMs).toBeLessThanOrEqual(standings[0]!.resetMs);
      expect(standings[0]!.resetMs).toBeLessThanOrEqual(shortMs);
      await passes(refused.waitMs + slackMs);
      expect(await desk.reserve({ tokens: 10 }, [short])).toMatchObject({ outcome: 'granted' });
    });

    it('are waited for until the last of them that has no room is over', async () => {
      const desk = open();
      await early(desk, 10, [short, long]);
      expect(await desk.reserve({ tokens: 9 }, [short, long])).toMatchObject({
        outcome: 'wait',
        limit: short,
      });
      await until(
        async () =>
          expect(await desk.reserve({ tokens: 10 }, [short, long])).toMatchObject({ outcome: 'granted' }),
        desk.patience,
      );
      const both = await desk.reserve({ tokens: 6 }, [short, long]);
      expect(both).toMatchObject({ outcome: 'wait', limit: long });
      expect(both).toMatchObject({ waitMs: both.standings[1]!.resetMs });
    });

    it('that are over stay as they were when one is settled; those that last do not', async () => {
      const desk = open();
      const held = granted(await early(desk, 10, [short, long]));
      await passes(shortMs);
      await desk.reserve({ tokens: 4 }, [short, long]);
      expect(await desk.settle(held, { tokens: 1 })).toBe(true);
      expect(await desk.remaining(short, long)).toEqual([6, 20]);
    });
  });
}
