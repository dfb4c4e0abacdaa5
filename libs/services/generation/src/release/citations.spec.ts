import { describe, expect, it } from 'vitest';
import type { Source } from '../answers/answer-part.ts';
import fc from 'fast-check';
import { CitationFilter, citationsIn, freeNumbers } from './citations.ts';

const source = (index: number): Source => ({
  index,
  passage: {
    document_id: `doc ${index}`,
    version: 3,
    chunk_id: `chunk-${index}`,
    score: 1,
    text: 'words',
    start: 10,
    end: 15,
  },
});

describe('citationsIn', () => {
  it('gives each marker its passage and its place in the answer', () => {
    const [first] = citationsIn('It is so [2].', [source(1), source(2)]);
    expect(first).toMatchObject({ index: 2, document_id: 'doc 2', version: 3, start: 10, end: 15 });
    expect('It is so [2].'.slice(first!.url_citation.start_index, first!.url_citation.end_index)).toBe('[2]');
    expect(first!.url_citation.url).toBe('millrace:/v1/documents/doc%202/content');
  });

  it('takes lists of numbers, each once', () => {
    expect(
      citationsIn('So [1, 2] and [2][1] and [1,1].', [source(1), source(2)]).map(({ index }) => index),
    ).toEqual([1, 2, 2, 1, 1]);
  });

  it('makes nothing of a number that no source has', () => {
    expect(citationsIn('See [3], [0], [x] and array[1a].', [source(1)])).toEqual([]);
  });
});

describe('freeNumbers', () => {
  it('are those that stand in no brackets, alone or in a list', () => {
    const numbers = freeNumbers(['See [2] and 4.', '`a[1]`, [03, 5]']);
    expect([numbers.next().value, numbers.next().value]).toEqual([4, 6]);
  });
});

describe('CitationFilter', () => {
  const filtered = (...pieces: readonly string[]) => {
    const filter = new CitationFilter(new Set([1, 2]));
    return pieces.map((piece, at) => filter.push(piece, at === pieces.length - 1)).join('');
  };

  it.each([
    ['So it is [1][2].', 'So it is [1][2].'],
    ['So it is [9].', 'So it is.'],
    ['So it is [1, 9] and [8,9].', 'So it is [1] and.'],
    ['Use `list[9]` and list[9].', 'Use `list[9]` and list.'],
    ['```\na[9]\nb[7]\n```\n[7] no', '```\na[9]\nb[7]\n```\n no'],
    ['An odd ` tick\nand [9] more', 'An odd ` tick\nand more'],
    ['[x] [12345] [1 [ 1]', '[x] [12345] [1 [ 1]'],
  ])('%j becomes %j', (given, expected) => {
    expect(filtered(given)).toBe(expected);
  });

  it('comes out the same however the stream was cut', () => {
    const piece = fc.constantFrom(
      'a ',
      ' ',
      '[',
      ']',
      '1',
      '9',
      ', ',
      '[1]',
      ' [9]',
      '`',
      '```',
      '\n',
      'list[3]',
      '.',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const given = pieces.join('');
        expect(filtered(...pieces, '')).toBe(filtered(given));
        expect(filtered(...given, '')).toBe(filtered(given));
      }),
    );
  });
});
