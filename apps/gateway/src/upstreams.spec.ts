import { describe, expect, it } from 'vitest';
import { Upstreams, type Addresses } from './upstreams.ts';

const addresses = { retrieval: ['http://a', 'http://b', 'http://c'] } as unknown as Addresses;

describe('Upstreams', () => {
  it('gives each replica its turn', () => {
    const upstreams = new Upstreams(addresses);
    const firsts = [1, 2, 3, 4].map(() => upstreams.inTurn('retrieval')[0]);
    expect(firsts).toEqual(['http://a', 'http://b', 'http://c', 'http://a']);
  });

  it('names every replica each time', () => {
    const upstreams = new Upstreams(addresses);
    upstreams.inTurn('retrieval');
    expect(upstreams.inTurn('retrieval')).toEqual(['http://b', 'http://c', 'http://a']);
  });

  it('puts one that failed last, for a second', () => {
    let now = 0;
    const upstreams = new Upstreams(addresses, () => now);
    upstreams.failed('http://a');
    expect(upstreams.inTurn('retrieval')).toEqual(['http://b', 'http://c', 'http://a']);
    now = 1_000;
    upstreams.inTurn('retrieval');
    upstreams.inTurn('retrieval');
    expect(upstreams.inTurn('retrieval')[0]).toBe('http://a');
  });
});
