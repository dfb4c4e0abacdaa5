import { describe, expect, it } from 'vitest';
import { hasLoneSurrogate } from './lone-surrogates.ts';

describe('half of a character', () => {
  it.each([
    [String.raw`"\ud800"`, true],
    [String.raw`{"a":[1,{"b":"x\uDC00y"}]}`, true],
    [String.raw`{"\udfff":1}`, true],
    [String.raw`"\ud83d\ude00"`, false],
    [String.raw`"\\ud800"`, false],
    ['"😀"', false],
    ['null', false],
  ])('is found wherever it stands: %s %s', (text, expected) => {
    expect(hasLoneSurrogate(text, JSON.parse(text))).toBe(expected);
  });
});
