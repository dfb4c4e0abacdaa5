import { describe, expect, it } from 'vitest';
import { lineJoiner } from './hyphens.ts';

/** The two lines joined, in a document that has these lines too. */
const joined = (text: string, line: string, ...others: readonly string[]): string =>
  lineJoiner([...others, text, line])([text, line]);

describe('lines joined to paragraphs', () => {
  it.each([
    ['a broken word', 'all infor-', 'mation here', [], 'all information here'],
    ['a word with a soft hyphen', 'all infor\u00ad', 'mation here', ['infor-mation'], 'all information here'],
    ['a word that only begins like a compound', 'all non-', 'sense', [], 'all nonsense'],
    ['what is whole elsewhere', 'is non-', 'linear', ['A nonlinear one.'], 'is nonlinear'],
    ['a broken word in capitals', 'PERFOR-', 'MANCE', [], 'PERFORMANCE'],
    [
      'a word that is whole elsewhere',
      'the mill-',
      'stone',
      ['A millstone, the mill, a stone.'],
      'the millstone',
    ],
    ['short parts that are words', 'I was in-', 'formed', ['in', 'formed'], 'I was informed'],
    ['a word broken before a short ending', 'the mill-', 'er', ['mill', 'er'], 'the miller'],
  ])('lose the hyphen of %s', (_, text, line, others, whole) => {
    expect(joined(text, line, ...others)).toBe(whole);
  });

  it.each([
    [
      'a compound that comes elsewhere',
      'a well-',
      'known mill',
      ['The Well-known one.'],
      'a well-known mill',
    ],
    [
      'a compound that comes elsewhere with U+2010',
      'a well\u2010',
      'known',
      ['well\u2010known'],
      'a well\u2010known',
    ],
    ['a compound that comes more often', 'on-', 'line', ['on-line and on-line', 'online'], 'on-line'],
    ['a compound of words that come elsewhere', 'mixed-', 'mode', ['a mode is mixed'], 'mixed-mode'],
    ['a compound that begins like others', 'non-', 'reversible', ['non-free'], 'non-reversible'],
    ['a compound with a word that stands apart', 'a self-', 'contained mill', [], 'a self-contained mill'],
    ['a longer compound', 'state-of-the-', 'art', [], 'state-of-the-art'],
    ['what goes on with a capital', 'Anglo-', 'Saxon', [], 'Anglo-Saxon'],
    ['what goes on with a digit', 'COVID-', '19', [], 'COVID-19'],
    ['what is taken up again', 'pre-', 'and postwar', [], 'pre-\nand postwar'],
    ['a dash', 'it stops -', 'and starts', [], 'it stops -\nand starts'],
    ['numbers', '10-', '20', [], '10-\n20'],
  ])('keep the hyphen of %s', (_, text, line, others, whole) => {
    expect(joined(text, line, ...others)).toBe(whole);
  });

  it('are joined one after another', () => {
    expect(joined('a wa-', 'ter-')).toBe('a water-');
    expect(lineJoiner([])(['a wa-', 'ter-', 'mill', 'turns'])).toBe('a watermill\nturns');
  });

  it('are joined in no time, whatever is in them', () => {
    const line = `${'a'.repeat(500_000)}-`;
    expect(joined(line, line)).toHaveLength(2 * line.length - 1);
  });

  it('are not told by the broken words themselves', () => {
    const join = lineJoiner(['a mill-', 'stone', 'some mill-', 'stone']);
    expect(join(['some mill-', 'stone'])).toBe('some millstone');
  });
});
