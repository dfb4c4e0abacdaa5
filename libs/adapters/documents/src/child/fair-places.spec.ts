import { setImmediate } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { FairPlaces } from './fair-places.ts';

/** Who has a place, in the order of getting it, and how to give it back. */
class Crowd {
  readonly got: string[] = [];
  readonly refused: string[] = [];
  private readonly give = new Map<string, () => void>();

  constructor(private readonly places: FairPlaces) {}

  /** `a1` is the first file of group a. */
  async ask(name: string, cost = 1, signal?: AbortSignal): Promise<void> {
    this.places.take({ group: name.replace(/\d+$/, ''), cost }, signal).then(
      (give) => {
        this.got.push(name);
        this.give.set(name, give);
      },
      (error: unknown) => this.refused.push(`${name} ${MillraceError.from(error).code}`),
    );
    await setImmediate();
  }

  async leave(name: string): Promise<void> {
    this.give.get(name)!();
    this.give.delete(name);
    await setImmediate();
  }
}

const limits = { places: 2, spare: 1, maxWaiting: 6 };

describe('FairPlaces', () => {
  it('lends all but the spare places to one group, and the spare one to another', async () => {
    const crowd = new Crowd(new FairPlaces(limits));
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) await crowd.ask(name);
    expect(crowd.got).toEqual(['a1', 'a2', 'b1']);
    await crowd.leave('b1');
    expect(crowd.got.at(-1)).toBe('c1');
    await crowd.leave('c1');
    expect(crowd.got.at(-1)).toBe('b2');
    await crowd.leave('b2');
    expect(crowd.got).toHaveLength(5);
    await crowd.leave('a1');
    expect(crowd.got.at(-1)).toBe('a3');
  });

  it('lets groups take turns by cost', async () => {
    const crowd = new Crowd(new FairPlaces({ places: 1, spare: 0, maxWaiting: 100 }));
    await crowd.ask('z1');
    for (let n = 0; n < 4; n++) await crowd.ask(`a${n}`, 3);
    for (let n = 0; n < 8; n++) await crowd.ask(`b${n}`);
    for (let n = 0; n < 12; n++) await crowd.leave(crowd.got.at(-1)!);
    expect(crowd.got.slice(1, 9).map((name) => name[0])).toEqual([...'abbbabbb']);
  });

  it('refuses what is too much for all, or for one group', async () => {
    const crowd = new Crowd(new FairPlaces(limits));
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b1', 'b2', 'b3', 'c1', 'c2'])
      await crowd.ask(name);
    expect(crowd.refused).toEqual(['a6 queue_full', 'c2 queue_full']);
  });

  it('forgets who goes away, and answers who waits when it closes', async () => {
    const places = new FairPlaces({ places: 1, spare: 0, maxWaiting: 6 });
    const crowd = new Crowd(places);
    const going = new AbortController();
    await crowd.ask('a1');
    await crowd.ask('a2', 1, going.signal);
    await crowd.ask('a3');
    await crowd.ask('a4');
    going.abort();
    await crowd.leave('a1');
    places.refuse(new MillraceError('shutting_down'));
    await crowd.ask('a5');
    expect(crowd.got).toEqual(['a1', 'a3']);
    expect(crowd.refused.sort()).toEqual(['a2 cancelled', 'a4 shutting_down', 'a5 shutting_down']);
  });
});
