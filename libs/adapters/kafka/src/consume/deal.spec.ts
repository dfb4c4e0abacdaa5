import { describe, expect, it } from 'vitest';
import { deal, type Contender } from './deal.ts';
import { placeKey, type Place } from './place.ts';

const partitions = (topic: string, count: number): Place[] =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));
const member = (memberId: string, had: readonly Place[] = [], topics = ['a', 'b']): Contender => ({
  ...{ memberId, topics, had },
});
const counts = (dealt: Map<string, Place[]>) => [...dealt.values()].map(({ length }) => length);

describe('deal', () => {
  it('deals all out, evenly', () => {
    const places = [...partitions('a', 12), ...partitions('b', 1)];
    const dealt = deal([member('1'), member('2'), member('3')], places);
    expect(counts(dealt).toSorted()).toEqual([4, 4, 5]);
    expect(new Set([...dealt.values()].flat().map(placeKey)).size).toBe(13);
  });

  it('moves a fair share to a new member, and leaves the rest where it is', () => {
    const places = partitions('a', 12);
    const dealt = deal([member('1', places.slice(0, 6)), member('2', places.slice(6)), member('3')], places);
    expect(counts(dealt)).toEqual([4, 4, 4]);
    expect(dealt.get('1')).toEqual(places.slice(0, 4));
    expect(dealt.get('2')).toEqual(places.slice(6, 10));
  });

  it('moves only what a member leaves behind', () => {
    const places = partitions('a', 12);
    const dealt = deal([member('1', places.slice(0, 4)), member('2', places.slice(4, 8))], places);
    expect(counts(dealt)).toEqual([6, 6]);
    expect(dealt.get('1')).toEqual(expect.arrayContaining(places.slice(0, 4)));
    expect(dealt.get('2')).toEqual(expect.arrayContaining(places.slice(4, 8)));
  });

  it('gives a partition that two claim to one of them', () => {
    const places = partitions('a', 4);
    const dealt = deal([member('1', places), member('2', places)], places);
    expect(counts(dealt)).toEqual([2, 2]);
    expect(new Set([...dealt.values()].flat().map(placeKey)).size).toBe(4);
  });

  it('gives a topic only to those that read it, as when an older version runs beside', () => {
    const places = [...partitions('a', 4), ...partitions('new', 4)];
    const dealt = deal([member('old', [], ['a']), member('new', [], ['a', 'new'])], places);
    expect(dealt.get('old')!.every(({ topic }) => topic === 'a')).toBe(true);
    expect(dealt.get('new')!.filter(({ topic }) => topic === 'new')).toHaveLength(4);
    expect(counts(deal([member('old', [], ['a'])], places))).toEqual([4]);
  });

  it('forgets what is no longer there', () => {
    expect(counts(deal([member('1', partitions('gone', 3))], partitions('a', 2)))).toEqual([2]);
  });
});
