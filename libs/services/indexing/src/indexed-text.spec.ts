import { expect, it } from 'vitest';
import { indexedText } from './indexed-text.ts';

it('has the title three times, whether or not the text begins with it, and the headings once', () => {
  const chunk = { headings: ['Wheels', 'Oak'], text: 'Twelve.' };
  expect(indexedText('Mills', chunk)).toBe('Mills\nMills\nMills\nWheels\nOak\nTwelve.');
  expect(indexedText('Mills', { headings: [], text: 'Mills grind.' })).toBe('Mills\nMills\nMills grind.');
  expect(indexedText(undefined, { headings: [], text: 'Twelve.' })).toBe('Twelve.');
});
