import type { DeadLetterRecord, Registry, StalledVersion } from '@millrace/ports';
import type { Logger } from '@millrace/platform';
import { describe, expect, it } from 'vitest';
import type { Backlog } from './backlog.ts';
import { Reconciler } from './reconciler.ts';

const now = 1_750_000_000_000;
const stall = 60_000;

const version = (updatedAt: number, resends = 0): StalledVersion => ({
  ...{ tenant: 'acme', document: 'a', version: 3, state: 'parsed', updatedAt, resends },
  resume: { topic: 'ingestion.document.chunked.v1', key: 'acme/a', value: '{}', headers: {} },
});

/** A reconciler over versions that stand still, with something waiting in a queue for `waitedMs`. */
class Desk {
  readonly resent: number[] = [];
  readonly letters: DeadLetterRecord[] = [];
  readonly lines: string[] = [];
  private readonly touched = new Set<StalledVersion>();

  constructor(
    private readonly versions: readonly StalledVersion[],
    private readonly waitedMs = 0,
    private readonly hasMoved = false,
  ) {}

  reconcile(): Promise<void> {
    const settings = {
      maxWaiters: 1,
      reconcileSeconds: 15,
      stallSeconds: stall / 1000,
      maxResends: 20,
      modelRollbackHours: 24,
      modelSwitchSeconds: 1,
    };
    const backlog = { oldestAgeMs: async () => this.waitedMs } as Backlog;
    return new Reconciler(this.registry, backlog, { now: () => now }, this.logger, settings).reconcile();
  }

  private readonly note = (_fields: unknown, line: string) => void this.lines.push(line);
  private readonly logger = { warn: this.note, error: this.note } as unknown as Logger;
  private readonly registry = {
    documents: {
      stalled: async (before: number, limit: number) =>
        this.versions.filter((each) => each.updatedAt < before && !this.touched.has(each)).slice(0, limit),
      resend: async (each: StalledVersion, at: number) => {
        this.touched.add(each);
        if (!this.hasMoved) this.resent.push(at - now);
        return !this.hasMoved;
      },
    },
    deadLetters: { record: async (letter: DeadLetterRecord) => this.letters.push(letter) > 0 },
  } as unknown as Registry;
}

describe('the reconciler', () => {
  it('sends on what stands still, and says so in one line', async () => {
    const desk = new Desk([version(now - stall - 1), version(now - stall - 2)]);
    await desk.reconcile();
    expect(desk.resent).toEqual([0, 0]);
    expect(desk.lines).toEqual(['stalled documents sent on']);
  });

  it('sends on thousands in one pass, and the rest in the next', async () => {
    const desk = new Desk(Array.from({ length: 5000 }, () => version(0)));
    await desk.reconcile();
    expect(desk.resent).toHaveLength(4096);
    await desk.reconcile();
    expect(desk.resent).toHaveLength(5000);
    expect(desk.lines).toHaveLength(2);
  });

  it('leaves alone what moved a moment ago', async () => {
    const desk = new Desk([version(now - stall)]);
    await desk.reconcile();
    expect(desk.resent).toEqual([]);
  });

  it('leaves alone what may only be waiting: something else has waited as long', async () => {
    const desk = new Desk([version(now - 10 * stall)], 10 * stall);
    await desk.reconcile();
    expect(desk.resent).toEqual([]);
    const later = new Desk([version(now - 12 * stall)], 10 * stall);
    await later.reconcile();
    expect(later.resent).toHaveLength(1);
  });

  it('says nothing of what has moved meanwhile', async () => {
    const desk = new Desk([version(0)], 0, true);
    await desk.reconcile();
    expect(desk.lines).toEqual([]);
  });

  it('gives it ever more time, at most an hour', async () => {
    const grace = [0, 1, 2, 3, 10, 19].map(async (resends) => {
      const desk = new Desk([version(0, resends)]);
      await desk.reconcile();
      return desk.resent[0]! / 60_000;
    });
    expect(await Promise.all(grace)).toEqual([0, 1, 3, 7, 60, 60]);
  });

  it('dead-letters what does not move however often it is sent on, ready to be replayed', async () => {
    const desk = new Desk([version(0, 20)]);
    await desk.reconcile();
    expect(desk.resent).toEqual([]);
    expect(desk.letters).toMatchObject([
      {
        ...{ tenant: 'acme', origin: 'ingestion.document.chunked.v1', attempts: 20, at: now },
        subject: { tenant: 'acme', document: 'a', version: 3 },
        reason: { code: 'stalled' },
        replay: { topic: 'ingestion.document.chunked.v1', key: 'acme/a' },
      },
    ]);
    expect(desk.lines).toEqual(['stalled document dead-lettered']);
  });
});
