import { describe, expect, it } from 'vitest';
import { gainFor } from './level.ts';

/** Half a second of silence, then half a second of a tone. */
const spoken = (amplitude: number): Float32Array =>
  Float32Array.from({ length: 16_000 }, (_, at) => (at < 8000 ? 0 : amplitude * Math.sin(at / 5)));

describe('gainFor', () => {
  it('brings quiet and loud speech to one level', () => {
    for (const amplitude of [0.01, 0.1, 0.9])
      expect(gainFor(spoken(amplitude)) * amplitude).toBeCloseTo(0.1, 2);
  });

  it('does not clip, does not blow up what is nearly silence, leaves silence alone', () => {
    const click = spoken(0.01);
    click[100] = 0.5;
    expect(gainFor(click)).toBe(2);
    expect(gainFor(spoken(1e-5))).toBe(32);
    expect(gainFor(new Float32Array(1000))).toBe(1);
    expect(gainFor(new Float32Array(0))).toBe(1);
  });
});
