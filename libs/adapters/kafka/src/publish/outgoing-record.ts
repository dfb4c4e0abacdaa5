import type { NewRecord } from '@millrace/ports';
import type { KnownTopic } from '../topics/topic-directory.ts';
import { partitionOf } from './partition-of.ts';

/** A record on its way, with where it goes and how large it is there. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
  /** At most this much of a batch, with lengths and marks. */
  readonly bytes: number;
  /** Largest batch that its topic takes. */
  readonly maxBatchBytes: number;
}

/** The head of a record batch: https://kafka.apache.org/documentation/#recordbatch */
export const batchHeadBytes = 61;
/** Lengths, attributes, time and offset of one record, at their longest. */
const recordHeadBytes = 40;
const headerHeadBytes = 10;

/** Kept free beside a record's value, for its key and headers. */
const keyAndHeadersBytes = 16 * 1024;

/** The largest value that certainly fits into a batch. */
export const maxValueBytes = (maxBatchBytes: number): number =>
  maxBatchBytes - batchHeadBytes - recordHeadBytes - keyAndHeadersBytes;

export function outgoing(
  { topic, key, value, headers = {} }: NewRecord,
  { partitions, maxBatchBytes }: KnownTopic,
): OutgoingRecord {
  const keyBytes = Buffer.from(key);
  const headerBytes = Object.entries(headers).reduce(
    (sum, [name, text]) => sum + headerHeadBytes + Buffer.byteLength(name) + Buffer.byteLength(text),
    0,
  );
  return {
    topic,
    partition: partitionOf(keyBytes, partitions),
    key: keyBytes,
    value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
    headers: { ...headers },
    bytes: recordHeadBytes + keyBytes.byteLength + value.byteLength + headerBytes,
    maxBatchBytes,
  };
}
