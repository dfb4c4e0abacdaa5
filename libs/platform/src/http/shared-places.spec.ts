import { describe, expect, it } from 'vitest';
import { SharedPlaces } from './shared-places.ts';

describe('SharedPlaces', () => {
  it('leaves places for others, however many one caller asks for', () => {
    const places = new SharedPlaces(4, false);
    expect([1, 2, 3].map(() => places.take('a') !== undefined)).toEqual([true, true, false]);
    expect(places.take('b')).toBeDefined();
    expect(places.take('c')).toBeDefined();
    expect(places.take('d')).toBeUndefined();
  });

  it('has a place again once it was given back', () => {
    const places = new SharedPlaces(1, false);
    const free = places.take('a')!;
    expect(places.take('b')).toBeUndefined();
    free();
    expect(places.take('b')).toBeDefined();
  });

  it('gives one caller all where there is only one', () => {
    const places = new SharedPlaces(2, true);
    expect([1, 2, 3].map(() => places.take('') !== undefined)).toEqual([true, true, false]);
  });
});
