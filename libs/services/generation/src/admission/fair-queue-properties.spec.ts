import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chances } from '../testing/chances.ts';
import { FairQueue, type Ticket } from './fair-queue.ts';
import { serviceOf } from './service.ts';

interface Workload {
  readonly places: number;
  readonly spare: number;
  /** Of each tenant: prompt tokens, answer tokens, requests that come at once, and how many steps pass between. */
  readonly tenants: readonly {
    readonly prompt: number;
    readonly answer: number;
    readonly burst: number;
    readonly every: number;
  }[];
  /** By how much of a prompt its estimate is above it. */
  readonly overestimate: number;
  readonly seed: number;
}

const steps = 300;

const workload: fc.Arbitrary<Workload> = fc.record({
  places: fc.integer({ min: 1, max: 6 }),
  spare: fc.integer({ min: 0, max: 2 }),
  tenants: fc.array(
    fc.record({
      prompt: fc.integer({ min: 1, max: 200 }),
      answer: fc.integer({ min: 1, max: 60 }),
      burst: fc.integer({ min: 1, max: 8 }),
      every: fc.integer({ min: 1, max: 80 }),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  overestimate: fc.integer({ min: 0, max: 50 }),
  seed: fc.integer(),
});

interface Answering {
  readonly tenant: number;
  readonly prompt: number;
  readonly answer: number;
  said: number;
}

/** What tenants got over time, and which of them waited all the while; answers say a token each step. */
class Simulation {
  readonly got: number[];
  private readonly queue: FairQueue;
  private readonly wishes = new Map<Ticket, Answering>();
  private readonly underWay = new Map<Ticket, Answering>();
  private readonly random: () => number;

  constructor(
    private readonly work: Workload,
    /** Whose queue a tenant waits in. */
    private readonly queueOf: (tenant: number) => string = String,
  ) {
    this.got = work.tenants.map(() => 0);
    this.random = chances(work.seed);
    const many = Number.MAX_SAFE_INTEGER;
    const limits = { maxWaiting: many, maxWaitingOfTenant: many, flexAtMostMs: many };
    this.queue = new FairQueue({ places: work.places, spare: work.spare, ...limits });
  }

  step(now: number): void {
    this.work.tenants.forEach(({ burst, every }, tenant) => {
      if (this.random() < 1 / every) for (let n = 0; n < burst; n++) this.ask(tenant, now);
    });
    for (const [ticket, answering] of this.underWay) this.say(ticket, answering);
    for (let next = this.queue.next(now); next; next = this.queue.next(now)) {
      const answering = this.wishes.get(next)!;
      this.wishes.delete(next);
      this.underWay.set(next, answering);
      this.got[answering.tenant]! += next.wish.service;
    }
  }

  waits(tenant: number): boolean {
    return [...this.wishes.values()].some((one) => one.tenant === tenant);
  }

  get mostUnderWay(): number {
    return Math.max(this.underWay.size, this.queue.answering);
  }

  private ask(tenant: number, now: number): void {
    const { prompt, answer } = this.work.tenants[tenant]!;
    const one = { tenant, prompt: this.upTo(prompt), answer: this.upTo(answer), said: 0 };
    const service = one.prompt + this.work.overestimate;
    const wish = { tenant: this.queueOf(tenant), tier: 'default', service } as const;
    this.wishes.set(this.queue.enter(wish, now), one);
  }

  private say(ticket: Ticket, one: Answering): void {
    const isOver = one.said === one.answer;
    if (!isOver) one.said += 1;
    const promptTokens = one.prompt + (isOver ? 0 : this.work.overestimate);
    const service = serviceOf({ promptTokens, completionTokens: one.said });
    this.got[one.tenant]! += service - ticket.charged;
    this.queue.charge(ticket, service);
    if (!isOver) return;
    this.queue.leave(ticket);
    this.underWay.delete(ticket);
  }

  private upTo(most: number): number {
    return 1 + Math.floor(this.random() * most);
  }
}

function bound({ tenants, places, spare, overestimate }: Workload): number {
  const promptTokens = Math.max(...tenants.map(({ prompt }) => prompt)) + overestimate;
  const completionTokens = Math.max(...tenants.map(({ answer }) => answer));
  const prompt = serviceOf({ promptTokens, completionTokens: 0 });
  const answer = serviceOf({ promptTokens: 0, completionTokens });
  return 2 * (prompt + (places + spare) * (answer + overestimate));
}

/** The largest gap that opens between two tenants, in a time in which both wait throughout. */
function largestGap(work: Workload, simulation: Simulation): number {
  let largest = 0;
  const pairs = work.tenants.flatMap((_, one) => work.tenants.slice(0, one).map((_, other) => [one, other]));
  const spans = new Map<string, { least: number; most: number }>();
  for (let now = 0; now < steps; now++) {
    simulation.step(now);
    for (const [one, other] of pairs as [number, number][]) {
      const key = `${one} ${other}`;
      if (!simulation.waits(one) || !simulation.waits(other)) {
        spans.delete(key);
        continue;
      }
      const ahead = simulation.got[one]! - simulation.got[other]!;
      const { least, most } = spans.get(key) ?? { least: ahead, most: ahead };
      const span = { least: Math.min(least, ahead), most: Math.max(most, ahead) };
      spans.set(key, span);
      largest = Math.max(largest, span.most - span.least);
    }
  }
  return largest;
}

describe('between two tenants that both wait all the while', () => {
  it('the gap in service is within the bound, whatever is asked when', () => {
    fc.assert(
      fc.property(workload, (work) => {
        expect(largestGap(work, new Simulation(work))).toBeLessThanOrEqual(bound(work));
      }),
      { numRuns: 60 },
    );
  });

  it('the gap grows beyond the bound in a queue in the order of coming', () => {
    const heavy = { prompt: 100, answer: 50, burst: 8, every: 4 };
    const light = { prompt: 2, answer: 2, burst: 1, every: 8 };
    const work = { places: 2, spare: 0, tenants: [heavy, light], overestimate: 0, seed: 1 };
    expect(largestGap(work, new Simulation(work))).toBeLessThanOrEqual(bound(work));
    expect(largestGap(work, new Simulation(work, () => 'all'))).toBeGreaterThan(bound(work));
  });
});

describe('whatever is asked when', () => {
  it('no place stays free while somebody waits, and no more are under way than there are places', () => {
    fc.assert(
      fc.property(workload, (work) => {
        const simulation = new Simulation(work);
        for (let now = 0; now < steps; now++) {
          simulation.step(now);
          const { mostUnderWay } = simulation;
          expect(mostUnderWay).toBeLessThanOrEqual(work.places + work.spare);
          if (work.tenants.some((_, tenant) => simulation.waits(tenant)))
            expect(mostUnderWay).toBeGreaterThanOrEqual(work.places);
        }
      }),
      { numRuns: 30 },
    );
  });
});
