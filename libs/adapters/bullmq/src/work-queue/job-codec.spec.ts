import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bullId, encodeJob, ownId } from './job-codec.ts';

describe('the id of a job in BullMQ', () => {
  it('leads back to the own one, and is one that BullMQ takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (id) => {
        expect(ownId(bullId(id))).toBe(id);
        expect(bullId(id)).not.toContain(':');
        expect(bullId(id)).not.toMatch(/^-?\d/);
      }),
    );
  });
});

describe('encodeJob', () => {
  it('puts bulk after interactive and rounds delays to what can be waited for', () => {
    const encoded = (lane: 'interactive' | 'bulk', delayMs: number) =>
      encodeJob({ id: 'a', data: null, lane, delayMs }, 5).options;
    expect(encoded('interactive', -3)).toMatchObject({ priority: 0, delay: 0, timestamp: 5 });
    expect(encoded('bulk', 1.6)).toMatchObject({ priority: 2 ** 21 - 1, delay: 2 });
  });
});
