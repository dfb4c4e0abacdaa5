import { describe, expect, it } from 'vitest';
import { differencesOf } from './topic-drift.ts';

const wish = { name: 'facts', partitions: 12, retentionHours: 168 };
const segments = { 'segment.ms': '86400000' };
const settings = {
  ...segments,
  'retention.ms': '604800000',
  'cleanup.policy': 'delete',
  'max.message.bytes': '1048588',
};

describe('differencesOf', () => {
  it('finds none in a topic that is as wished', () => {
    expect(differencesOf(wish, { partitions: 12, settings })).toEqual([]);
    expect(
      differencesOf(
        { ...wish, compacted: true },
        { partitions: 12, settings: { ...settings, 'cleanup.policy': 'delete,compact' } },
      ),
    ).toEqual([]);
  });

  it('names what differs, as Kafka calls it', () => {
    const actual = {
      partitions: 6,
      settings: { ...segments, 'retention.ms': '-1', 'cleanup.policy': 'compact' },
    };
    expect(differencesOf(wish, actual)).toEqual([
      { what: 'partitions', wanted: '12', actual: '6' },
      { what: 'retention.ms', wanted: '604800000', actual: '-1' },
      { what: 'cleanup.policy', wanted: 'delete', actual: 'compact' },
    ]);
  });
});
