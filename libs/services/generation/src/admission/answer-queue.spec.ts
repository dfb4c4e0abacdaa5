import { MillraceError } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnswerQueue, type Place } from './answer-queue.ts';
import type { Tier } from './service-tier.ts';

beforeEach(
  () =>
    void vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    }),
);
afterEach(() => void vi.useRealTimers());

interface Asking {
  readonly tier?: Tier;
  readonly budgetMs?: number;
  readonly signal?: AbortSignal;
}

/** `a1` is of tenant a. */
class Askers {
  readonly places = new Map<string, Place>();
  readonly refused = new Map<string, MillraceError>();
  private readonly queue: AnswerQueue;

  constructor(settings: object = {}) {
    this.queue = new AnswerQueue({ maxAnswers: 1, maxWaiting: 8, queueSeconds: 10, ...settings } as never);
  }

  async ask(names: string, { tier = 'default', budgetMs, signal }: Asking = {}): Promise<void> {
    const never = new AbortController().signal;
    for (const name of names.split(' ')) {
      const wish = { tenant: name[0]!, tier, service: 1 };
      this.queue.take(wish, { budgetMs, signal: signal ?? never }).then(
        (place) => void this.places.set(name, place),
        (error: unknown) => void this.refused.set(name, MillraceError.from(error)),
      );
      await vi.advanceTimersByTimeAsync(0);
    }
  }

  async leave(name: string, service = 1): Promise<void> {
    this.places.get(name)!.leave(service);
    await vi.advanceTimersByTimeAsync(0);
  }

  get got(): string {
    return [...this.places.keys()].join(' ');
  }
}

describe('an answer', () => {
  it('begins at once while there are places, and else when it is its turn', async () => {
    const askers = new Askers();
    await askers.ask('a1 a2');
    await vi.advanceTimersByTimeAsync(700);
    expect(askers.got).toBe('a1');
    await askers.leave('a1');
    expect(askers.got).toBe('a1 a2');
    expect([...askers.places.values()].map(({ waitedMs }) => waitedMs)).toEqual([0, 700]);
  });

  it('waits behind that of a tenant whose answers have said less so far', async () => {
    const askers = new Askers({ maxAnswers: 2 });
    await askers.ask('a1 b1');
    askers.places.get('a1')!.follow(() => 30);
    askers.places.get('b1')!.follow(() => 20);
    await askers.ask('c1 a2 b2');
    await askers.leave('c1', 1_000);
    await askers.leave('b1', 20);
    expect(askers.got).toBe('a1 b1 c1 b2');
  });
});

describe('whose turn it is', () => {
  it('changes with what answers say, though none of them ends', async () => {
    const askers = new Askers();
    let said = 0;
    await askers.ask('a1 b1');
    askers.places.get('a1')!.follow(() => said);
    await askers.leave('b1', 100);
    await askers.ask('a2 b2');
    expect(askers.got).toBe('a1 b1');
    said = 200;
    await vi.advanceTimersByTimeAsync(250);
    expect(askers.got).toBe('a1 b1 b2');
  });

  it('changes when the next one goes away, and nothing is looked at when nobody waits', async () => {
    const askers = new Askers();
    const asker = new AbortController();
    await askers.ask('a1 b1');
    await askers.leave('b1', 100);
    await askers.ask('a2', { signal: asker.signal });
    await askers.ask('b2');
    expect(askers.got).toBe('a1 b1');
    asker.abort(new MillraceError('cancelled'));
    await vi.advanceTimersByTimeAsync(0);
    expect(askers.got).toBe('a1 b1 b2');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('whoever waits', () => {
  it('is gone at once when the asker is', async () => {
    const askers = new Askers({ maxWaiting: 2 });
    const asker = new AbortController();
    await askers.ask('a1');
    await askers.ask('a2', { signal: asker.signal });
    asker.abort(new MillraceError('cancelled'));
    await askers.ask('a3');
    expect(askers.refused.get('a2')).toMatchObject({ code: 'cancelled' });
    await askers.leave('a1');
    expect(askers.got).toBe('a1 a3');
  });

  it('waits for nothing when the asker is gone already', async () => {
    const askers = new Askers();
    await askers.ask('a1');
    await askers.ask('a2', { signal: AbortSignal.abort(new MillraceError('shutting_down')) });
    expect(askers.refused.get('a2')).toMatchObject({ code: 'shutting_down' });
  });

  it('is refused when it has waited too long, and has no place then', async () => {
    const askers = new Askers();
    await askers.ask('a1 a2');
    await askers.ask('a3', { budgetMs: 4_000 });
    await vi.advanceTimersByTimeAsync(4_000);
    expect([...askers.refused.keys()]).toEqual(['a3']);
    await vi.advanceTimersByTimeAsync(6_000);
    expect([...askers.refused.values()]).toMatchObject([{ code: 'overloaded' }, { code: 'overloaded' }]);
    await askers.leave('a1');
    await askers.ask('a4');
    expect(askers.got).toBe('a1 a4');
  });

  it('counts as default after half of the longest wait where it is flex', async () => {
    const askers = new Askers();
    await askers.ask('a1 c1');
    await askers.ask('b1', { tier: 'flex' });
    await vi.advanceTimersByTimeAsync(5_000);
    await askers.ask('a2');
    await askers.leave('a1', 2);
    expect(askers.got).toBe('a1 c1 b1');
  });
});

describe('who would be one too many', () => {
  it('is refused for his tenant’s sake, or for that of all', async () => {
    const askers = new Askers({ maxWaiting: 4 });
    await askers.ask('a1 b1');
    await askers.ask('a2 a3 a4');
    expect(askers.refused.get('a4')).toMatchObject({
      ...{ code: 'queue_full', detail: 'tenant_answers_waiting', retryAfter: 1 },
    });
    await askers.ask('b2 b3 c1');
    expect(askers.refused.get('c1')).toMatchObject({ code: 'overloaded', detail: 'answers_waiting' });
  });

  it('is told to come again when those who wait have had their places, at the rate at which they come free', async () => {
    const askers = new Askers({ maxWaiting: 6 });
    await askers.ask('a1 a2 a3');
    for (const name of ['a1', 'a2']) {
      await vi.advanceTimersByTimeAsync(3_000);
      await askers.leave(name);
    }
    await askers.ask('a4 a5 a6 a7');
    expect(askers.refused.get('a7')).toMatchObject({ code: 'queue_full', retryAfter: 9 });
    // The spare place is taken, then they have turns.
    await askers.ask('b1 b2 b3 b4 c1');
    expect(askers.refused.get('c1')).toMatchObject({ code: 'overloaded', retryAfter: 18 });
  });

  it('is not refused where his turn is at once', async () => {
    const askers = new Askers({ maxWaiting: 2 });
    await askers.ask('a1 a2 b1');
    expect([askers.got, askers.refused.size]).toEqual(['a1 b1', 0]);
  });
});
