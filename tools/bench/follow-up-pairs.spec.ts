import { expect, it } from 'vitest';
import { followUpPairs } from './follow-up-pairs.ts';

const second = (...texts: readonly string[]): string | undefined =>
  followUpPairs(texts.map((text) => ({ text, article: 0, paragraph: 'p', answers: [] })))[0]?.second.text;

it('puts a pronoun for what both questions name', () => {
  expect(second('Who lost to the Broncos?', 'Who did the Broncos beat in 2015?')).toBe(
    'Who did it beat in 2015?',
  );
  expect(second('Who led the Carolina Panthers?', "What was the Carolina Panthers' record?")).toBe(
    'What was its record?',
  );
  expect(second('Where is Luther buried?', 'What was Luther’s trade?')).toBe('What was its trade?');
});

it('leaves out pairs that name nothing together', () => {
  expect(second('How many sacks did Allen have?', 'How many balls did Norman get?')).toBeUndefined();
});
