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

  const raised = (str: string, x: number, size = 6): object => ({
    ...item(str, x, 704),
    transform: [size, 0, 0, size, x, 704],
    height: size,
  });
  it.each([
    ['of a number', [item('6.02 × 10', 50), raised('23', 95), item(' a mole', 105)], '6.02 × 10^23 a mole'],
    ['below zero', [item('10', 50), raised('−', 60), raised('3', 65), item('m', 73)], '10^−3 m'],
    ['of several parts', [item('2', 50), raised('64', 55), raised('−1', 61), item('m', 70)], '2^(64−1)m'],
    ['that is a letter', [item('2', 50), raised('n', 55), item('sacks', 60)], '2^nsacks'],
    ['in place of notes', [item('1990', 50), raised('1, 2', 70), item('sacks', 94)], '1990^(1, 2) sacks'],
    ['of a letter', [item('a area of r', 50), raised('2', 105)], 'a area of r^2'],
  ])('show a power %s', (_, items, text) => {
    expect(linesOf(items)[0]?.text).toBe(text);
  });

  it.each([
    ['is of a note', [item('mill', 50), raised('2', 70)], 'mill2'],
    ['is a word', [item('1', 50), raised('st', 55)], '1st'],
    ['is as large', [item('10', 50), raised('23', 60, 10)], '1023'],
    ['is apart', [item('10', 50), raised('23', 66)], '10 23'],
    ['is below', [item('10', 50, 708), raised('2', 60)], '102'],
  ])('show no power in what %s', (_, items, text) => {
    expect(linesOf(items)[0]?.text).toBe(text);
  });

  it('may have any number of words', () => {
    const words = Array.from({ length: 200_000 }, (_, i) => item('a', i * 8));
    expect(linesOf(words)[0]?.text).toHaveLength(399_999);
  });
});
