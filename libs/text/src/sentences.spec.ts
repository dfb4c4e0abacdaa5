import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from './sentences.ts';

const split = (text: string): string[] =>
  [...sentences(text)].map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it.each<[string, string[]]>([
    ['One. Two! Three?', ['One.', 'Two!', 'Three?']],
    ['Dr. Smith met Mr. J. Doe. They left.', ['Dr. Smith met Mr. J. Doe.', 'They left.']],
    ['He works in the U.S. Senate. It is old.', ['He works in the U.S. Senate.', 'It is old.']],
    ['He moved to the U.S. He likes it.', ['He moved to the U.S.', 'He likes it.']],
    ['See Fig. 3, e.g. Apples. Done.', ['See Fig. 3, e.g. Apples.', 'Done.']],
    ['Paid on Jan. 5, Monday. No. 7 won.', ['Paid on Jan. 5, Monday.', 'No. 7 won.']],
    ['Is it? No. It is not.', ['Is it?', 'No.', 'It is not.']],
    ['It costs 3.5 m. "Really?" he asked.', ['It costs 3.5 m.', '"Really?" he asked.']],
    ['Version 1.2.3 of example.com runs.', ['Version 1.2.3 of example.com runs.']],
    ['See [scaling](../concepts/scaling.md). Done.', ['See [scaling](../concepts/scaling.md).', 'Done.']],
    ['Open a?.b or ./x. Wait...what? Yes.', ['Open a?.b or ./x.', 'Wait...what?', 'Yes.']],
    ['終わりです。次の文です。', ['終わりです。', '次の文です。']],
  ])('splits %j', (text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it('reads on over the line breaks of a wrapped paragraph', () => {
    expect(split('The mill turns and\nthe water runs. It does\nnot stop.')).toEqual([
      'The mill turns and\nthe water runs.',
      'It does\nnot stop.',
    ]);
  });

  it('has the remark in parentheses that closes its paragraph', () => {
    expect(split('How long to wait before scaling to 0. (Default: 300, Optional)')).toHaveLength(1);
    expect(split('It waits. (Five minutes) Then it goes on.')).toHaveLength(2);
  });

  it('ends at blank lines, list items, headings and table rows', () => {
    const text =
      '# Setup\nInstall it\n\nSteps\n- unpack\n  the file\n1. Run it. Wait.\n| a | b |\n| 1 | 2 |\n';
    expect(split(text)).toEqual([
      '# Setup',
      'Install it',
      'Steps',
      '- unpack\n  the file',
      '1. Run it.',
      'Wait.',
      '| a | b |',
      '| 1 | 2 |',
    ]);
  });

  it('ends at fences and at every line of code between them', () => {
    const text = 'Run this:\n```sh\nnpm start\n# then wait\n```\nIt takes\na minute.\n';
    expect(split(text)).toEqual([
      'Run this:',
      '```sh',
      'npm start',
      '# then wait',
      '```',
      'It takes\na minute.',
    ]);
  });

  it('keeps a short title apart from the paragraph under it', () => {
    expect(split('Water rights\nThe river belongs to nobody and to all of us.')).toEqual([
      'Water rights',
      'The river belongs to nobody and to all of us.',
    ]);
  });

  it('leaves out nothing but white space, in order and trimmed', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '.',
      ' ',
      '\n',
      '\r\n',
      '1.',
      'Dr.',
      '- ',
      '| ',
      '# ',
      '```',
      '?',
      '"',
      '字。',
      '\u2028',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        expect(split(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        expect(split(text).every((sentence) => sentence !== '' && sentence === sentence.trim())).toBe(true);
      }),
    );
  });

  it('splits a line of a million characters without stalling', () => {
    const started = performance.now();
    expect(split('word '.repeat(200_000))).toHaveLength(1);
    expect(split('A. '.repeat(50_000)).length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
