import { describe, expect, it } from 'vitest';
import { Resampler } from './resampler.ts';

const tone = (hertz: number, rate: number, seconds = 0.5): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, at) => Math.sin((2 * Math.PI * hertz * at) / rate));

function resample(samples: Float32Array, from: number, piece = samples.length): Float32Array {
  const resampler = new Resampler(from, 16_000);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += piece)
    out.push(...resampler.push(samples.subarray(at, at + piece)));
  out.push(...resampler.flush());
  return Float32Array.from(out);
}

/** Root mean square of the middle, where the stream's edges are not felt. */
const middle = (samples: Float32Array): number => {
  const part = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length);
};
const decibel = (samples: Float32Array): number => 20 * Math.log10(middle(samples) / Math.SQRT1_2);

describe('Resampler', () => {
  it.each([8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])(
    'keeps speech at %i Hz as it is',
    (rate) => {
      const expected = tone(1000, 16_000);
      const got = resample(tone(1000, rate), rate);
      const worst = Math.max(
        ...got.subarray(2000, 6000).map((value, at) => Math.abs(value - expected[at + 2000]!)),
      );
      expect(worst).toBeLessThan(0.001);
      expect(Math.abs(got.length - 8000)).toBeLessThanOrEqual(1);
    },
  );

  it('passes up to 6.8 kHz and takes out what would fold back', () => {
    expect(decibel(resample(tone(6800, 44_100), 44_100))).toBeGreaterThan(-0.5);
    expect(decibel(resample(tone(8600, 44_100), 44_100))).toBeLessThan(-60);
    expect(decibel(resample(tone(15_000, 48_000), 48_000))).toBeLessThan(-80);
  });

  it.each([1, 7, 1000])('gives the same whether it comes at once or %i samples at a time', (piece) => {
    const samples = tone(440, 44_100, 0.1);
    expect(resample(samples, 44_100, piece)).toEqual(resample(samples, 44_100));
  });
});
