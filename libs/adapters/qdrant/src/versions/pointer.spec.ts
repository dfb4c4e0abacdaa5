import { describe, expect, it } from 'vitest';
import {
  buried,
  fromPayload,
  isOver,
  isVisible,
  liveVersion,
  pointerId,
  published,
  toPayload,
  unsaid,
} from './pointer.ts';

const of = (version: number) => ({ tenant: 'acme', document: 'a/b', version });

describe('pointer', () => {
  it('grows from version to version, and from a version to its removal', () => {
    const states = [unsaid(of(1)), published(of(1), 3), buried(of(1)), published(of(2), 1), buried(of(7))];
    expect(states.map(({ state }) => state)).toEqual([0, 2, 3, 4, 15]);
    expect(states.map(liveVersion)).toEqual([undefined, 1, undefined, 2, undefined]);
  });

  it('is over for what is not newer', () => {
    expect([1, 2, 3].map((version) => isOver(published(of(2), 1), version))).toEqual([true, true, false]);
    expect([1, 2, 3].map((version) => isOver(buried(of(2)), version))).toEqual([true, true, false]);
    expect(isOver(unsaid(of(1)), 1)).toBe(false);
  });

  it('shows the chunks of the live version and none beyond their number', () => {
    const pointer = published(of(2), 3);
    expect(isVisible(pointer, { version: 2, ordinal: 2 })).toBe(true);
    expect(isVisible(pointer, { version: 2, ordinal: 3 })).toBe(false);
    expect(isVisible(pointer, { version: 1, ordinal: 0 })).toBe(false);
    expect(isVisible(buried(of(2)), { version: 2, ordinal: 0 })).toBe(false);
  });

  it('comes back from its payload, without chunks when removed', () => {
    for (const pointer of [published(of(2), 0), buried(of(2))])
      expect(fromPayload(toPayload(pointer))).toMatchObject({ ...pointer });
    expect(toPayload(buried(of(2)))).not.toHaveProperty('chunks');
    expect(toPayload(published(of(2), 0))).toHaveProperty('chunks', 0);
  });

  it('has an id of its own for each document of each tenant', () => {
    const names = [of(1), { ...of(1), tenant: 'b' }, { ...of(1), document: 'b' }];
    expect(new Set(names.map(pointerId)).size).toBe(3);
    expect(pointerId(of(1))).toBe(pointerId(of(2)));
  });
});
