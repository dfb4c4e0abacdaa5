import { utf8 } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { cutRequests, maxRequestBytes } from './cut-requests.ts';
import { outgoing, type OutgoingRecord } from './outgoing-record.ts';

const record = (bytes: number, key = 'k', topic = 'facts', maxBatchBytes = 10_000): OutgoingRecord =>
  outgoing({ topic, key, value: new Uint8Array(bytes) }, { partitions: 1, maxBatchBytes });
const sizes = (requests: OutgoingRecord[][]) =>
  requests.map((request) => request.map(({ value }) => value.byteLength));

describe('cutRequests', () => {
  it('keeps together what fits into one batch of each partition', () => {
    const records = [record(4_000), record(9_000, 'k', 'others'), record(4_000)];
    expect(sizes(cutRequests(records))).toEqual([[4_000, 9_000, 4_000]]);
  });

  it('begins a new request where a batch would outgrow its topic, and keeps the order', () => {
    const records = [1, 2, 3, 4, 5].map((n) => record(3_000 + n));
    expect(sizes(cutRequests(records))).toEqual([
      [3_001, 3_002, 3_003],
      [3_004, 3_005],
    ]);
  });

  it('begins a new request where it would become too large as a whole', () => {
    const large = maxRequestBytes / 2;
    const records = ['a', 'b', 'c'].map((topic) => record(large - 100, 'k', topic, maxRequestBytes));
    expect(cutRequests(records).map(({ length }) => length)).toEqual([2, 1]);
  });

  it('sends a record alone that is larger than anything', () => {
    expect(sizes(cutRequests([record(1), record(50_000), record(1)]))).toEqual([[1], [50_000], [1]]);
  });

  it('counts keys and headers', () => {
    const bare = record(10).bytes;
    const { bytes } = outgoing(
      { topic: 'facts', key: 'käse', value: utf8('0123456789'), headers: { id: 'ü' } },
      { partitions: 1, maxBatchBytes: 10_000 },
    );
    expect(bytes - bare).toBeGreaterThanOrEqual('äse'.length + 1 + 'id'.length + 2);
  });
});
