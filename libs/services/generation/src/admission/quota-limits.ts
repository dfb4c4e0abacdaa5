import { toMillionths, type Quota } from '@millrace/contracts';
import type { QuotaLimit } from '@millrace/ports';

const windows = { minute: 60_000, day: 86_400_000 } as const;

/** The limits that a tenant's quota sets, as a ledger counts them. */
export const limitsIn = (quota: Quota): QuotaLimit[] =>
  (['requests', 'tokens', 'spend'] as const).flatMap((measure) =>
    (['minute', 'day'] as const).flatMap((per) => {
      const max = quota[`${measure}_per_${per}`];
      if (max === undefined) return [];
      return { measure, windowMs: windows[per], max: measure === 'spend' ? toMillionths(max) : max };
    }),
  );

/** Its field in the quota. */
export const limitName = ({ measure, windowMs }: QuotaLimit): keyof Quota =>
  `${measure}_per_${windowMs === windows.day ? 'day' : 'minute'}`;
