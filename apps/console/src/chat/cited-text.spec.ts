import { describe, expect, it } from 'vitest';
import { splitCitations } from './cited-text.ts';

describe('the text of an answer', () => {
  it('is cut at the numbers of its sources', () => {
    expect(splitCitations('Built in 1791 [1][2]. [1] too', new Set([1, 2]))).toEqual([
      'Built in 1791 ',
      1,
      2,
      '. ',
      1,
      ' too',
    ]);
  });

  it('keeps numbers that name no source, and numbers on their way', () => {
    expect(splitCitations('a[0] = [9] and [1', new Set([1]))).toEqual(['a[0] = [9] and [1']);
    expect(splitCitations('', new Set([1]))).toEqual([]);
  });
});
