import { MillraceError } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LastKnown } from './last-known.ts';

let answers: (number | Error)[];
let asked: string[];
let known: LastKnown<number>;

beforeEach(() => {
  vi.useFakeTimers();
  [answers, asked] = [[], []];
  known = new LastKnown(async (key) => {
    asked.push(key);
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  });
});
afterEach(() => vi.useRealTimers());

const away = new MillraceError('dependency_unavailable');

describe('what another service says', () => {
  it('holds for two seconds, each key for itself', async () => {
    answers = [1, 2, 3];
    expect([await known.of('a'), await known.of('a'), await known.of('b')]).toEqual([1, 1, 2]);
    vi.advanceTimersByTime(2_001);
    expect(await known.of('a')).toBe(3);
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('is what it said last while it cannot be asked, and is asked again after two seconds', async () => {
    answers = [1, away, 2];
    expect(await known.of('a')).toBe(1);
    vi.advanceTimersByTime(2_001);
    expect([await known.of('a'), await known.of('a')]).toEqual([1, 1]);
    vi.advanceTimersByTime(2_001);
    expect(await known.of('a')).toBe(2);
  });

  it('is not known where it never answered, and is asked each time', async () => {
    answers = [away, 1];
    await expect(known.of('a')).rejects.toBe(away);
    expect(await known.of('a')).toBe(1);
  });

  it('is asked once for all who ask at the same time', async () => {
    answers = [1, away, 2];
    expect(await Promise.all([known.of('a'), known.of('a')])).toEqual([1, 1]);
    vi.advanceTimersByTime(2_001);
    expect(await Promise.all([known.of('a'), known.of('a')])).toEqual([1, 1]);
    expect(asked).toEqual(['a', 'a']);
  });
});
