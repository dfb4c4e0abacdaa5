import { describe, expect, it } from 'vitest';
import { chances } from '../testing/chances.ts';
import { FairQueue, type Ticket } from './fair-queue.ts';
import { serviceOf } from './service.ts';

/** In simulated milliseconds. */
const step = 10;
const lasts = 180_000;
const tokenMs = 100;
const places = 32;
/** One that always has three times as many requests as there are places, and nine that ask for one thing at a time. */
const greedy = { callers: 3 * places, tokens: () => 20 + 80 * random(), pauseMs: () => 0 };
const normal = { callers: 1, tokens: () => 10, pauseMs: () => 2_000 * random() };
const random = chances(1);

interface Caller {
  readonly tenant: string;
  readonly kind: typeof greedy | typeof normal;
  asksAt: number;
  answer?: { readonly ticket: Ticket; readonly tokens: number; beganAt?: number };
}

/** How long each request of the normal tenants waited. */
function waits(spare: number, queueOf = (tenant: string): string => tenant): number[] {
  const many = Number.MAX_SAFE_INTEGER;
  const limits = { maxWaiting: many, maxWaitingOfTenant: many, flexAtMostMs: many };
  const queue = new FairQueue({ places, spare, ...limits });
  const callersOf = (tenant: string, kind: Caller['kind']): Caller[] =>
    Array.from({ length: kind.callers }, () => ({ tenant, kind, asksAt: kind.pauseMs() }));
  const normals = Array.from({ length: 9 }, (_, n) => `n${n}`);
  const callers = [...callersOf('greedy', greedy), ...normals.flatMap((tenant) => callersOf(tenant, normal))];
  const waited: number[] = [];
  for (let now = 0; now < lasts; now += step) {
    for (const caller of callers) goOn(caller, now, queue, queueOf(caller.tenant));
    for (let next = queue.next(now); next; next = queue.next(now)) {
      const caller = callers.find(({ answer }) => answer?.ticket === next)!;
      caller.answer!.beganAt = now;
      if (caller.kind === normal) waited.push(now - next.since);
    }
  }
  return waited;
}

/** Asks, or says what time allows; an answer that is said leaves. */
function goOn(caller: Caller, now: number, queue: FairQueue, tenant: string): void {
  const { answer, kind } = caller;
  if (!answer && now >= caller.asksAt) {
    const ticket = queue.enter({ tenant, tier: 'default', service: 3 }, now);
    caller.answer = { ticket, tokens: kind.tokens() };
  }
  if (answer?.beganAt === undefined) return;
  const completionTokens = Math.min(answer.tokens, (now - answer.beganAt) / tokenMs);
  queue.charge(answer.ticket, serviceOf({ promptTokens: 3, completionTokens }));
  if (completionTokens < answer.tokens) return;
  queue.leave(answer.ticket);
  delete caller.answer;
  caller.asksAt = now + kind.pauseMs();
}

const p95 = (samples: readonly number[]): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(0.95 * samples.length)]!;

describe('tenants beside one that has three times as many requests as there are places', () => {
  it('begin at once nine times in ten, and else soon', () => {
    const waited = waits(places / 8);
    expect(waited.length).toBeGreaterThan(300);
    expect(waited.filter((ms) => ms === 0).length).toBeGreaterThan(0.9 * waited.length);
    // A fifth of what a model may take to its first word.
    expect(p95(waited)).toBeLessThanOrEqual(100);
  });

  it('wait for a place of the other without the spare ones', () => {
    expect(p95(waits(0))).toBeGreaterThan(200);
  });

  it('wait for all that it has asked for in the order of coming', () => {
    expect(p95(waits(places / 8, () => 'all'))).toBeGreaterThan(10_000);
  });
});
