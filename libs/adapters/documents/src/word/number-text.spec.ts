import { describe, expect, it } from 'vitest';
import { numberText } from './number-text.ts';

describe('a number of a list in Word', () => {
  it.each([
    ['decimal', [1, 12], ['1', '12']],
    ['decimalZero', [1, 9, 10], ['01', '09', '10']],
    ['0001', [7, 12_345], ['0007', '12345']],
    ['lowerLetter', [1, 26, 27, 28, 53], ['a', 'z', 'aa', 'bb', 'aaa']],
    ['upperLetter', [3], ['C']],
    ['lowerRoman', [4, 1994], ['iv', 'mcmxciv']],
    ['upperRoman', [9, 4000], ['IX', '4000']],
    ['ordinal', [1, 2, 3, 4, 11, 12, 21, 111], ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '111th']],
    ['russianLower', [3, 10], ['в', 'к']],
    ['decimalEnclosedCircle', [2, 21], ['②', '21']],
    ['chineseCounting', [1, 10, 12, 20, 105, 110], ['一', '十', '十二', '二十', '一百〇五', '一百一十']],
    ['none', [3], ['']],
    ['bullet', [3], ['']],
    ['unheard of', [3], ['3']],
  ])('is written as %s', (format, numbers, texts) => {
    expect(numbers.map((number) => numberText(number, format))).toEqual(texts);
  });

  it('is digits where no letter stands for it, or too many', () => {
    expect([0, -1, 2_000_000_000].map((number) => numberText(number, 'lowerLetter'))).toEqual([
      '0',
      '-1',
      '2000000000',
    ]);
  });
});
