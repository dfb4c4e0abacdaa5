import { describe, expect, it } from 'vitest';
import { linesOf } from './pdf-lines.ts';

/** What pdf.js gives for a word: five points to a character, ten high. */
const item = (str: string, x: number, y = 700): object => ({
  str,
  transform: [10, 0, 0, 10, x, y],
  width: str.length * 5,
  height: 10,
  hasEOL: false,
});

describe('lines of a page', () => {
  it('are parted where there is more than a blank, to either side', () => {
    const [line] = linesOf([item('right', 400), item('left', 50), item('on', 73), item('and', 86)]);
    expect(line).toMatchObject({
      text: 'right left on and',
      segments: [
        { text: 'right', x: 400, right: 425 },
        { text: 'left on and', x: 50, right: 101 },
      ],
    });
  });

  it('may have any number of words', () => {
    const words = Array.from({ length: 200_000 }, (_, i) => item('a', i * 8));
    expect(linesOf(words)[0]?.text).toHaveLength(399_999);
  });
});
