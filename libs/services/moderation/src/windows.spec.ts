import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowsOf } from './windows.ts';

describe('a text in windows', () => {
  it('is whole when it fits', () => {
    expect(windowsOf('the mill', 8)).toEqual(['the mill']);
  });

  it('is cut between words', () => {
    expect(windowsOf('the mill grinds corn', 10)).toEqual(['the mill ', 'grinds ', 'corn']);
  });

  it('is cut within a word that is longer than half a window', () => {
    expect(windowsOf('a grindstone', 10)).toEqual(['a grindsto', 'ne']);
  });

  it('loses nothing, and no window is too long', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (text, maxChars) => {
        const windows = windowsOf(text, maxChars);
        expect(windows.join('')).toBe(text);
        for (const { length } of windows) expect(length).toBeLessThanOrEqual(maxChars);
      }),
    );
  });
});
