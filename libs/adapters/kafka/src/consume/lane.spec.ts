import { setTimeout as pause } from 'node:timers/promises';
import type { LogRecord, Subscription } from '@millrace/ports';
import { describe, expect, it, vi } from 'vitest';
import { Lane } from './lane.ts';
import { Turns } from './turns.ts';

const place = { topic: 'facts', partition: 0 };
const records = (count: number, from = 0, bytes = 1): LogRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ...place,
    ...{ key: 'k', headers: {}, timestamp: 0 },
    offset: from + index,
    value: new Uint8Array(bytes),
  }));

function setting(handle: (offsets: number[], signal: AbortSignal) => Promise<void> = async () => undefined) {
  const commits: number[] = [];
  const room: boolean[] = [];
  const errors: unknown[] = [];
  const closing = new AbortController();
  const handler: Subscription['handler'] = (batch, signal) =>
    handle(
      batch.map(({ offset }) => offset),
      signal,
    );
  const commit = vi.fn(async (_place: unknown, offset: number) => void commits.push(offset));
  const lane = new Lane(
    place,
    {
      ...{ subscription: { maxBatch: 3, handler }, turns: new Turns(1), commit, redeliveryPauseMs: 1 },
      onRoom: (_place, more) => room.push(more),
      onError: (error) => errors.push(error),
    },
    closing.signal,
  );
  return { lane, commit, commits, room, errors, closing };
}

describe('Lane', () => {
  it('hands over in order, and moves the offset after each batch', async () => {
    const handled: number[][] = [];
    const { lane, commits } = setting(async (offsets) => void handled.push(offsets));
    lane.offer(records(4));
    lane.offer(records(1, 4));
    await lane.idle();
    expect(handled).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(commits).toEqual([3, 5]);
  });

  it('handles the next batch while the offset has yet to move, and is idle when it has', async () => {
    const handled: number[][] = [];
    const answer = Promise.withResolvers<undefined>();
    const { lane, commit } = setting(async (offsets) => void handled.push(offsets));
    commit.mockReturnValue(answer.promise);
    let isIdle = false;
    lane.offer(records(6));
    void lane.idle().then(() => (isIdle = true));
    await pause(5);
    expect(handled).toHaveLength(2);
    expect({ isIdle, isRunning: lane.isRunning }).toEqual({ isIdle: false, isRunning: true });
    answer.resolve(undefined);
    await lane.idle();
    expect({ committed: lane.committed, isRunning: lane.isRunning }).toEqual({
      committed: 6,
      isRunning: false,
    });
  });

  it('brings a rejected batch again', async () => {
    let failures = 2;
    const { lane, commits, errors } = setting(async () => {
      if (failures-- > 0) throw new Error('no');
    });
    lane.offer(records(2));
    await lane.idle();
    expect(commits).toEqual([2]);
    expect(errors).toHaveLength(2);
  });

  it('begins nothing more once stopped, but lets what runs move its offset', async () => {
    const end = Promise.withResolvers<void>();
    const { lane, commits } = setting(() => end.promise);
    lane.offer(records(6));
    lane.stop();
    end.resolve();
    await lane.idle();
    expect(commits).toEqual([3]);
  });

  it('tells a handler that its partition is lost, and leaves the offset to others', async () => {
    const { lane, commits, errors } = setting(async (_offsets, signal) => {
      await pause(10_000, undefined, { signal }).catch(() => undefined);
    });
    lane.offer(records(2));
    await pause(5);
    lane.lose();
    await lane.idle();
    expect(commits).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('ends when the offset cannot be moved, so that whoever is next sees the batch again', async () => {
    const { lane, commit } = setting();
    commit.mockRejectedValue(new Error('fenced'));
    lane.offer(records(6));
    await lane.idle();
    lane.offer(records(3, 6));
    await lane.idle();
    expect(commit.mock.calls.length).toBeLessThanOrEqual(2);
    expect(lane.committed).toBeUndefined();
  });

  it('says when it has enough, and when there is room again', async () => {
    const end = Promise.withResolvers<void>();
    const { lane, room } = setting(() => end.promise);
    lane.offer(records(5, 0, 600_000));
    expect(room).toEqual([false]);
    end.resolve();
    await lane.idle();
    expect(room).toEqual([false, true]);
  });

  it('asks for nothing more once stopped, though it has room', async () => {
    const end = Promise.withResolvers<void>();
    const { lane, room } = setting(() => end.promise);
    lane.offer(records(5, 0, 600_000));
    lane.stop();
    end.resolve();
    await lane.idle();
    expect(room).toEqual([false]);
  });
});
