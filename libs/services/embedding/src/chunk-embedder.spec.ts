import { describe, expect, it } from 'vitest';
import { passageText } from './chunk-embedder.ts';

describe('passageText', () => {
  it('puts title and headings before the text', () => {
    expect(passageText('Mills', { headings: ['Wheels', 'Oak'], text: 'Twelve.' })).toBe(
      'Mills\nWheels > Oak\nTwelve.',
    );
  });

  it('does not say the title twice', () => {
    expect(passageText('Mills', { headings: ['Mills'], text: 'Twelve.' })).toBe('Mills\nTwelve.');
    expect(passageText('Mills', { headings: [], text: 'Mills grind.' })).toBe('Mills grind.');
  });
});
