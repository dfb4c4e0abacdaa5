import { describe, expect, it } from 'vitest';
import type { Source } from './answer-part.ts';
import { citationsIn } from './citations.ts';

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
    expect(first!.url_citation.url).toBe('/v1/documents/doc%202/content');
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
