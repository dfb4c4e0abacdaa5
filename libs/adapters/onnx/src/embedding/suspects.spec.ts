import { describe, expect, it } from 'vitest';
import { WorkerDied } from '../process/child-worker.ts';
import { Suspects } from './suspects.ts';

const text = (...ids: number[]): Int32Array => Int32Array.from(ids);
const crash = new WorkerDied(true, { reason: 'SIGSEGV', fromOutside: false });
const kill = new WorkerDied(true, { reason: 'SIGKILL', fromOutside: true });

describe('texts that ended their workers', () => {
  it('are poison the second time, and known again by their ids', () => {
    const suspects = new Suspects(() => 0);
    expect(suspects.blame(text(1, 2), crash)).toBeUndefined();
    expect(suspects.isPoison(text(1, 2))).toBe(false);
    expect(suspects.blame(text(1, 2), crash)).toMatchObject({ code: 'poison_job' });
    expect(suspects.isPoison(text(0, 1, 2, 3).subarray(1, 3))).toBe(true);
    expect(suspects.isPoison(text(1, 2, 3))).toBe(false);
  });

  it('are without blame once they were computed', () => {
    const suspects = new Suspects(() => 0);
    for (let turn = 0; turn < 2; turn++) {
      expect(suspects.blame(text(1), crash)).toBeUndefined();
      suspects.acquit(text(1));
    }
  });

  it('are no poison where the workers were killed from outside, and given up after ten', () => {
    const suspects = new Suspects(() => 0);
    for (let turn = 0; turn < 2; turn++) {
      for (let times = 1; times < 10; times++) expect(suspects.blame(text(1), kill)).toBeUndefined();
      expect(suspects.blame(text(1), kill)).toMatchObject({ code: 'dependency_unavailable' });
    }
    expect(suspects.isPoison(text(1))).toBe(false);
    expect(suspects.blame(text(1), crash)).toBeUndefined();
  });

  it('are forgotten after an hour, since it may have been the machine', () => {
    let now = 0;
    const suspects = new Suspects(() => now);
    for (let times = 0; times < 2; times++) suspects.blame(text(1), crash);
    now = 3_599_999;
    expect(suspects.isPoison(text(1))).toBe(true);
    now = 3_600_000;
    expect(suspects.isPoison(text(1))).toBe(false);
  });

  it('are forgotten, the oldest first, when there are many', () => {
    const suspects = new Suspects(() => 0);
    for (let id = 0; id <= 1000; id++)
      for (let times = 0; times < 2; times++) suspects.blame(text(id), crash);
    expect([0, 1, 1000].map((id) => suspects.isPoison(text(id)))).toEqual([false, true, true]);
  });
});
