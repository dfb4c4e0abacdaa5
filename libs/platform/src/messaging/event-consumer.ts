import { setTimeout as pause } from 'node:timers/promises';
import {
  deadLetter,
  deadLetterTopic,
  MillraceError,
  type DeadLetter,
  type EventSpec,
} from '@millrace/contracts';
import type { LogRecord } from '@millrace/ports';
import { countRetry } from '../telemetry/metrics.ts';
import { observe } from '../telemetry/observe.ts';
import { decodeEvent, parseJson } from './event-codec.ts';
import type { DeadLetterPublisher } from './dead-letter-publisher.ts';

/** What a group does with the records of one topic. */
export interface TopicHandler {
  readonly topic: string;
  /** Handles one decoded record. */
  readonly handle: (record: LogRecord, signal: AbortSignal) => Promise<void>;
}

const attempts = 5;
const firstPauseMs = 100;

/**
 * Handles records one by one in order. What can never be handled goes to the dead letters at once and the
 * partition moves on; what may work later is tried again here, and if it still fails the records stay uncommitted,
 * so that an outage stops the flow instead of emptying it into the dead letters.
 */
export async function consume(
  records: readonly LogRecord[],
  handlers: ReadonlyMap<string, TopicHandler>,
  deadLetters: DeadLetterPublisher,
  signal: AbortSignal,
): Promise<void> {
  for (const record of records) {
    signal.throwIfAborted();
    const handler = handlers.get(record.topic);
    if (handler) await handleOrGiveUp(record, handler, deadLetters, signal);
  }
}

async function handleOrGiveUp(
  record: LogRecord,
  handler: TopicHandler,
  deadLetters: DeadLetterPublisher,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      const { topic: name, headers, timestamp: sentAt } = record;
      return await observe({ kind: 'event', name, headers, sentAt }, () => handler.handle(record, signal));
    } catch (thrown) {
      const error = MillraceError.from(thrown);
      if (!error.spec.retryable && !signal.aborted)
        return await deadLetters.publish(
          { origin: record.topic, key: record.key, payload: payloadOf(record.value), attempts: attempt },
          error,
        );
      if (attempt >= attempts || signal.aborted) throw error;
      countRetry({ name: record.topic, code: error.code });
      await pause(firstPauseMs * 2 ** attempt, undefined, { signal });
    }
}

export const payloadOf = (value: Uint8Array): DeadLetter['payload'] => {
  try {
    return { json: parseJson(value) };
  } catch {
    return { base64: Buffer.from(value).toString('base64') };
  }
};

export const eventHandler = (
  spec: EventSpec,
  run: (
    data: never,
    context: { signal: AbortSignal; headers: Readonly<Record<string, string>> },
  ) => Promise<void>,
): TopicHandler => ({
  topic: spec.name,
  handle: (record, signal) => run(decodeEvent(spec, record) as never, { signal, headers: record.headers }),
});

export const deadLetterHandler = (
  origin: string,
  run: (
    letter: DeadLetter,
    context: { signal: AbortSignal; headers: Readonly<Record<string, string>> },
  ) => Promise<void>,
): TopicHandler => ({
  topic: deadLetterTopic(origin),
  handle: (record, signal) =>
    run(deadLetter.parse(parseJson(record.value)), { signal, headers: record.headers }),
});
