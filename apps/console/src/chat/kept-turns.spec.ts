import { describe, expect, it } from 'vitest';
import { messageOf, Problem } from '../api/problem.ts';
import type { Turn } from './conversation.ts';
import { read, written } from './kept-turns.ts';

const turn = (key: number, rest: Partial<Turn> = {}): Turn => ({
  key,
  question: `Question ${key}?`,
  text: `Answer ${key}.`,
  state: 'complete',
  sources: [],
  ...rest,
});

describe('a conversation that is kept', () => {
  it('comes back as it was, its failures in their words', () => {
    const error = new Problem('The queue is full.', 'queue_full');
    const turns = [turn(1, { generator: 'extractive' }), turn(2, { state: 'failed', error })];
    const again = read(written(turns));
    expect(again[0]).toEqual(turns[0]);
    expect(again[1]!.error).toMatchObject({ message: 'The queue is full.', code: 'queue_full' });
  });

  it('has an answer that was on its way as one that broke off', () => {
    const [again] = read(written([turn(1, { state: 'streaming', text: '' })]));
    expect(again!.state).toBe('failed');
    expect(messageOf(again!.error)).toContain('left before the answer was complete');
  });

  it('is bounded by turns and by length, the newest kept', () => {
    const many = Array.from({ length: 80 }, (_, key) => turn(key));
    expect(read(written(many)).map(({ key }) => key)).toEqual(many.slice(30).map(({ key }) => key));
    const long = Array.from({ length: 8 }, (_, key) => turn(key, { text: 'x'.repeat(300_000) }));
    expect(written(long).length).toBeLessThan(1_000_000);
    expect(read(written(long)).at(-1)!.key).toBe(7);
    expect(read(written([turn(1, { text: 'x'.repeat(2_000_000) })]))).toEqual([]);
  });

  it('is empty where nothing of the kind is there', () => {
    for (const text of [null, '', '{', '{}', '7', '[null]', '[{}]']) expect(read(text)).toEqual([]);
  });
});
