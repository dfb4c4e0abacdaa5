import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultRegions, speechRegions } from './speech-regions.ts';

/** `frames(10, 0, 20, 0.9)`: ten frames of silence, twenty of speech. */
const frames = (...runs: number[]): Float32Array =>
  Float32Array.from(
    runs.flatMap((count, at) => (at % 2 === 0 ? Array<number>(count).fill(runs[at + 1]!) : [])),
  );

describe('speechRegions', () => {
  it('finds speech with a margin around it', () => {
    expect(speechRegions(frames(50, 0, 40, 0.9, 50, 0))).toEqual([{ start: 38, end: 102 }]);
  });

  it('goes through a short pause and ends at a longer one', () => {
    expect(speechRegions(frames(20, 0.9, 24, 0, 20, 0.9))).toEqual([{ start: 0, end: 64 }]);
    expect(speechRegions(frames(20, 0.9, 40, 0, 20, 0.9))).toEqual([
      { start: 0, end: 32 },
      { start: 48, end: 80 },
    ]);
  });

  it('does not let go of speech that is only unsure', () => {
    expect(speechRegions(frames(20, 0.9, 40, 0.4, 20, 0.9))).toHaveLength(1);
  });

  it('takes a click for what it is, and silence too', () => {
    expect(speechRegions(frames(50, 0, 2, 0.9, 50, 0))).toEqual([]);
    expect(speechRegions(frames(50, 0.1))).toEqual([]);
    expect(speechRegions(new Float32Array())).toEqual([]);
  });

  it('splits a long stretch where speech is least likely', () => {
    expect(speechRegions(frames(300, 0.9, 1, 0.6, 300, 0.9))).toEqual([
      { start: 0, end: 300 },
      { start: 300, end: 601 },
    ]);
  });

  it('gives regions in order, apart, within the recording and never too long, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom(0, 0.4, 0.6, 1))),
        (runs) => {
          const probabilities = frames(...runs.flat());
          const regions = speechRegions(probabilities);
          for (const [at, { start, end }] of regions.entries()) {
            expect(start).toBeGreaterThanOrEqual(regions[at - 1]?.end ?? 0);
            expect(end).toBeLessThanOrEqual(probabilities.length);
            expect(end - start).toBeGreaterThan(0);
            expect(end - start).toBeLessThanOrEqual(defaultRegions.longest);
          }
        },
      ),
    );
  });
});
