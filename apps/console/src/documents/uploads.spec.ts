import { describe, expect, it } from 'vitest';
import { reduceUploads, type Upload } from './uploads.ts';

const upload = (key: number, state: Upload['state']): Upload => ({ key, name: `f${key}`, state, share: 0 });

describe('uploads', () => {
  it('change one by one', () => {
    const before = [upload(1, 'sending'), upload(2, 'waiting')];
    const after = reduceUploads(before, {
      type: 'changed',
      key: 2,
      to: { state: 'refused', reason: 'Empty.' },
    });
    expect(after).toEqual([before[0], { ...before[1], state: 'refused', reason: 'Empty.' }]);
  });

  it('leave the list when cleared, once nothing more will happen', () => {
    const states = [
      'waiting',
      'sending',
      'accepted',
      'parsed',
      'indexed',
      'dead-lettered',
      'refused',
    ] as const;
    const left = reduceUploads(
      states.map((state, key) => upload(key, state)),
      { type: 'cleared' },
    );
    expect(left.map(({ state }) => state)).toEqual(['waiting', 'sending', 'accepted', 'parsed']);
  });
});
