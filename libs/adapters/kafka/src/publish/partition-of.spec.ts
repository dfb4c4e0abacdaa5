import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { partitionOf } from './partition-of.ts';

describe('partitionOf', () => {
  it('agrees with the client that others use', () => {
    const partitioner = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
      ...{ partitionId, leader: 1, partitionErrorCode: 0 },
      ...{ replicas: [], isr: [] },
    }));
    for (let n = 0; n < 500; n++) {
      const key = Buffer.from(`acme/käse ${'🧀'.repeat(n % 5)}${'x'.repeat(n % 7)}${n}`);
      const message = { key, value: null };
      expect(partitionOf(key, 12)).toBe(partitioner({ topic: 'facts', partitionMetadata, message }));
    }
  });

  it('agrees with Java on what its own tests say', () => {
    // UtilsTest.testMurmur2 of Apache Kafka: the hashes of these are -973932308, -790332482 and -985981536.
    expect(partitionOf(Buffer.from('21'), 0x7fffffff)).toBe(-973932308 & 0x7fffffff);
    expect(partitionOf(Buffer.from('foobar'), 0x7fffffff)).toBe(-790332482 & 0x7fffffff);
    expect(partitionOf(Buffer.from('a-little-bit-long-string'), 0x7fffffff)).toBe(-985981536 & 0x7fffffff);
  });
});
