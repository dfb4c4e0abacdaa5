import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SqliteThread } from '../thread/sqlite-thread.ts';
import type { GroupOffset } from './event-log-calls.ts';
import { OffsetCommits } from './offset-commits.ts';

describe('OffsetCommits', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function commits(answer: () => Promise<void> = () => Promise.resolve()) {
    const written: (readonly GroupOffset[])[] = [];
    const errors: unknown[] = [];
    const call = (_method: string, offsets: readonly GroupOffset[]) => {
      written.push(offsets);
      return answer();
    };
    const thread = { ended: false, call } as unknown as SqliteThread;
    const onError = (error: unknown) => void errors.push(error);
    return {
      written,
      errors,
      offsets: new OffsetCommits(thread, { gatherMs: 20, retryPauseMs: 500, onError }),
    };
  }
  const at = (group: string, partition: number, offset: number): GroupOffset => ({
    group,
    partition,
    offset,
  });

  it('writes what moved within a few milliseconds by one call, of each place the last', async () => {
    const { offsets, written } = commits();
    offsets.move(at('a', 1, 5));
    offsets.move(at('b', 1, 3));
    offsets.move(at('a', 1, 6));
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    expect(written).toEqual([[at('a', 1, 6), at('b', 1, 3)]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(written).toHaveLength(1);
  });

  it('writes at once when asked, and nothing when nothing moved', async () => {
    const { offsets, written } = commits();
    await offsets.flush();
    offsets.move(at('a', 1, 5));
    await offsets.flush();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(written).toEqual([[at('a', 1, 5)]]);
  });

  it('tries again what could not be written, unless it has moved on', async () => {
    const answers = [() => Promise.reject(new Error('full')), () => Promise.resolve()];
    const { offsets, written, errors } = commits(() => answers.shift()!());
    offsets.move(at('a', 1, 5));
    offsets.move(at('b', 1, 5));
    const failing = offsets.flush();
    offsets.move(at('a', 1, 7));
    await failing;
    expect(errors).toEqual([new Error('full')]);
    await vi.advanceTimersByTimeAsync(500);
    expect(written[1]).toEqual([at('a', 1, 7), at('b', 1, 5)]);
    expect(written).toHaveLength(2);
  });
});
