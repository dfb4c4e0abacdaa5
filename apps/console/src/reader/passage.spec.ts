import { describe, expect, it } from 'vitest';
import { cutPassage } from './passage.ts';

describe('a passage in its document', () => {
  it('stands between what is before and after it, in UTF-16 units', () => {
    expect(cutPassage('🌾 wheat and rye', 3, 8)).toEqual({
      before: '🌾 ',
      passage: 'wheat',
      after: ' and rye',
      cut: false,
    });
  });

  it('is empty without offsets, and kept inside the text with wrong ones', () => {
    expect(cutPassage('wheat')).toMatchObject({ before: '', passage: '', after: 'wheat' });
    expect(cutPassage('wheat', 3, 99)).toMatchObject({ before: 'whe', passage: 'at', after: '' });
    expect(cutPassage('wheat', 99, 3)).toMatchObject({ before: 'wheat', passage: '', after: '' });
  });

  it('brings only its surroundings of a very long text', () => {
    const { before, passage, after, cut } = cutPassage('x'.repeat(1_000_000), 500_000, 500_010);
    expect([before.length, passage.length, after.length, cut]).toEqual([150_000, 10, 150_000, true]);
  });
});
