import { describe, expect, it } from 'vitest';
import { FairQueue, type QueueBounds, type Ticket } from './fair-queue.ts';
import type { Tier } from './service-tier.ts';

/** Who has a place, in the order of getting it: `a1` is of tenant a. */
class Crowd {
  readonly got: string[] = [];
  now = 0;
  readonly queue: FairQueue;
  private readonly tickets = new Map<string, Ticket>();

  constructor(bounds: Partial<QueueBounds> = {}) {
    const usual = { places: 2, spare: 0, maxWaiting: 100, maxWaitingOfTenant: 100, flexAtMostMs: 100 };
    this.queue = new FairQueue({ ...usual, ...bounds });
  }

  /** @returns the bound that the last one breaks */
  ask(names: string, tier: Tier = 'default', service = 1): string | undefined {
    return names
      .split(' ')
      .map((name) => {
        const ticket = this.queue.enter({ tenant: name[0]!, tier, service }, this.now);
        this.tickets.set(name, ticket);
        this.letIn();
        return ticket.state === 'waiting' ? this.queue.overfull(ticket) : undefined;
      })
      .at(-1);
  }

  uses(name: string, service: number): void {
    this.queue.charge(this.tickets.get(name)!, service);
  }

  leave(names: string): void {
    for (const name of names.split(' ')) {
      this.queue.leave(this.tickets.get(name)!);
      this.letIn();
    }
  }

  /** Of the n-th that got one and those after it. */
  since(n: number): string {
    return this.got.slice(n).join(' ');
  }

  private letIn(): void {
    for (let next = this.queue.next(this.now); next; next = this.queue.next(this.now))
      for (const [name, ticket] of this.tickets) if (ticket === next) this.got.push(name);
  }
}

describe('a fair queue', () => {
  it('lets one tenant have every place while nobody else wants one', () => {
    const crowd = new Crowd();
    crowd.ask('a1 a2 a3');
    expect(crowd.since(0)).toBe('a1 a2');
    crowd.leave('a1');
    expect(crowd.since(2)).toBe('a3');
  });

  it('gives the next place to the tenant that was served least, by what its answers say meanwhile', () => {
    const crowd = new Crowd();
    crowd.ask('a1 b1 a2 b2');
    crowd.uses('a1', 5);
    crowd.uses('b1', 50);
    crowd.leave('b1');
    expect(crowd.since(2)).toBe('a2');
    crowd.uses('a2', 60);
    crowd.leave('a1');
    expect(crowd.since(3)).toBe('b2');
  });

  it('keeps the order within a tenant', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1 a2 a3');
    crowd.leave('a1 a2');
    expect(crowd.since(0)).toBe('a1 a2 a3');
  });

  it('gives no credit for having been away', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1 a2');
    crowd.uses('a1', 1_000);
    crowd.leave('a1');
    crowd.ask('a3 b1 a4 b2', 'default', 10);
    crowd.leave('a2 a3 b1 a4');
    expect(crowd.since(2)).toBe('a3 b1 a4 b2');
  });

  it('remembers of one that comes back what it had beyond the others', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1 b1 b2');
    crowd.uses('a1', 100);
    crowd.leave('a1');
    crowd.ask('a2');
    crowd.leave('b1 b2');
    expect(crowd.since(1)).toBe('b1 b2 a2');
  });

  it('gives back what was charged too much', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1 a2', 'default', 100);
    crowd.ask('b1 b2', 'default', 100);
    crowd.uses('a1', 0);
    crowd.leave('a1');
    expect(crowd.since(1)).toBe('a2');
  });

  it('has a spare place for whose turn it is, when he has no answer under way', () => {
    const crowd = new Crowd({ spare: 1 });
    crowd.ask('a1 a2 a3 b1 b2 c1');
    expect(crowd.since(0)).toBe('a1 a2 b1');
    crowd.leave('a1');
    // Two are under way, so that no place is free but the spare one.
    expect(crowd.since(3)).toBe('c1');
    crowd.leave('c1');
    // a3 and b2 have one of their own under way.
    expect(crowd.queue.answering).toBe(2);
    crowd.leave('b1');
    expect(crowd.since(4)).toBe('a3 b2');
  });

  it('bounds those who wait, of one tenant and of all', () => {
    const crowd = new Crowd({ maxWaiting: 3, maxWaitingOfTenant: 2 });
    expect(crowd.ask('a1 a2 a3 a4')).toBeUndefined();
    expect(crowd.ask('a5')).toBe('tenant');
    crowd.leave('a5');
    expect(crowd.ask('b1')).toBeUndefined();
    expect(crowd.ask('c1')).toBe('all');
  });

  it('forgets one that leaves while it waits', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1 b1 c1');
    crowd.leave('b1');
    crowd.leave('a1');
    expect(crowd.since(1)).toBe('c1');
    expect([...crowd.queue.tenantsWaiting]).toEqual([]);
  });

  it('says how far apart those are that wait', () => {
    const crowd = new Crowd();
    crowd.ask('a1 b1 a2 b2');
    crowd.uses('a1', 30);
    expect(crowd.queue.gap).toBe(29);
    crowd.leave('a2 b2');
    expect(crowd.queue.gap).toBe(0);
  });
});

describe('tiers', () => {
  it('go one behind the other, whoever was served more', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1');
    crowd.ask('f1', 'flex');
    crowd.ask('a2');
    crowd.ask('p1 p2', 'priority', 50);
    crowd.leave('a1 p1 p2 a2');
    expect(crowd.since(1)).toBe('p1 p2 a2 f1');
  });

  it('count flex as default after a while, so that it does not wait for ever', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1');
    crowd.ask('f1', 'flex');
    crowd.now = 99;
    crowd.ask('a2 a3');
    crowd.leave('a1');
    expect(crowd.since(1)).toBe('a2');
    crowd.now = 100;
    crowd.uses('a2', 2);
    crowd.leave('a2');
    expect(crowd.since(2)).toBe('f1');
    expect(crowd.queue.waitingIn('default')).toBe(1);
  });

  it('let no flood go first for being old', () => {
    const crowd = new Crowd({ places: 1 });
    crowd.ask('a1 a2 a3');
    crowd.now = 1_000;
    crowd.ask('b1');
    crowd.uses('a1', 2);
    crowd.leave('a1');
    expect(crowd.since(1)).toBe('b1');
  });
});
