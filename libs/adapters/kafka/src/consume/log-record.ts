import type { LogRecord } from '@millrace/ports';
import type { KafkaMessage } from 'kafkajs';
import type { Place } from './place.ts';

/**
 * A record as the port has it. Its value is copied: kafkajs hands out views of whole answers, megabytes of which one
 * small record would keep alive. A record without key or value (a tombstone) has an empty one.
 */
export const logRecord = (
  { topic, partition }: Place,
  { offset, timestamp, key, value, headers = {} }: KafkaMessage,
): LogRecord => ({
  topic,
  partition,
  offset: Number(offset),
  timestamp: Number(timestamp),
  key: key?.toString() ?? '',
  value: new Uint8Array(value ?? []),
  headers: Object.fromEntries(
    Object.entries(headers).flatMap(([name, text]) => (text === undefined ? [] : [[name, textOf(text)]])),
  ),
});

/** Of a header that is there several times, the last. */
const textOf = (text: Buffer | string | (Buffer | string)[]): string =>
  (Array.isArray(text) ? (text.at(-1) ?? '') : text).toString();
