import { describe, expect, it } from 'vitest';
import { fold } from './folded-text.ts';

const place = (original: string, part: string) => {
  const folded = fold(original);
  const start = folded.text.indexOf(part);
  return original.slice(folded.startOf(start), folded.endOf(start + part.length - 1));
};

describe('fold', () => {
  it('leaves ASCII as it is', () => {
    const folded = fold('plain - text');
    expect(folded.text).toBe('plain - text');
    expect([folded.indexAt(3), folded.startOf(3), folded.endOf(3)]).toEqual([3, 3, 4]);
  });

  it('writes styled, wide and accented letters plainly, and knows where they stood', () => {
    expect(fold('Ａｂｃ １２ 𝐬𝐞𝐱 ﬁn é e\u0301').text).toBe('Abc 12 sex fin e e');
    expect(place('see ４２ here', '42')).toBe('４２');
    expect(place('a 𝐬𝐞𝐱 b', 'sex')).toBe('𝐬𝐞𝐱');
    expect(place('a ﬁn b', 'fin')).toBe('ﬁn');
  });

  it('looks through a few invisible characters', () => {
    expect(fold('4\u200b1\u00ad1\ufeff1').text).toBe('4111');
    expect(place('x4\u200b1y', '41')).toBe('4\u200b1');
  });

  it('takes each ninth of them for an interruption', () => {
    expect(fold(`4${'\u200b'.repeat(8)}1`).text).toBe('41');
    expect(fold(`4${'\u200b'.repeat(20)}1`).text).toBe('4\0\x001');
  });

  it('finds the first character from an offset on', () => {
    const folded = fold('a\u200b\u200bb');
    expect([0, 1, 3, 4].map((offset) => folded.indexAt(offset))).toEqual([0, 1, 1, 2]);
  });
});
