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

export interface HandlerInput {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a group does with the records of one topic. */
export interface TopicHandler {
  readonly topic: string;
  /** The record's data; throws `invalid_event` when it cannot be read. */
  readonly decode: (record: LogRecord) => unknown;
  /** Handles up to `atOnce` records, in order; repeats must be harmless. */
  readonly handle: (inputs: readonly HandlerInput[], signal: AbortSignal) => Promise<void>;
  readonly atOnce: number;
}

const attempts = 5;
const firstPauseMs = 20;

/**
 * Handles records in order. What can never be handled goes to the dead letters at once and the partition moves on;
 * what may work later is tried again here, and if it still fails the records stay uncommitted, so that an outage
 * stops the flow instead of emptying it into the dead letters.
 */
export async function consume(
  records: readonly LogRecord[],
  handlers: ReadonlyMap<string, TopicHandler>,
  deadLetters: DeadLetterPublisher,
  signal: AbortSignal,
): Promise<void> {
  for (const run of runsOf(records, handlers)) {
    signal.throwIfAborted();
    await handleRun(run.records, run.handler, deadLetters, signal);
  }
}

interface Run {
  readonly handler: TopicHandler;
  readonly records: LogRecord[];
}

/** Consecutive records of one topic, as many as its handler takes at once. */
function runsOf(records: readonly LogRecord[], handlers: ReadonlyMap<string, TopicHandler>): Run[] {
  const runs: Run[] = [];
  for (const record of records) {
    const handler = handlers.get(record.topic);
    const last = runs.at(-1);
    if (!handler) continue;
    if (last?.handler === handler && last.records.length < handler.atOnce) last.records.push(record);
    else runs.push({ handler, records: [record] });
  }
  return runs;
}

async function handleRun(
  records: readonly LogRecord[],
  handler: TopicHandler,
  deadLetters: DeadLetterPublisher,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      const { topic: name, headers, timestamp: sentAt } = records[0]!;
      return await observe({ kind: 'event', name, headers, sentAt }, () => {
        const inputs = records.map((record) => ({ data: handler.decode(record), headers: record.headers }));
        return handler.handle(inputs, signal);
      });
    } catch (thrown) {
      const error = MillraceError.from(thrown);
      if (signal.aborted) throw error;
      if (!error.spec.retryable)
        return await singleOut(records, handler, deadLetters, error, attempt, signal);
      if (attempt >= attempts) throw error;
      countRetry({ name: handler.topic, code: error.code });
      await pause(firstPauseMs * 2 ** attempt, undefined, { signal });
    }
}

/** One of several is at fault: each goes alone. One alone is given up. */
async function singleOut(
  records: readonly LogRecord[],
  handler: TopicHandler,
  deadLetters: DeadLetterPublisher,
  error: MillraceError,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  if (records.length > 1) {
    for (const record of records) await handleRun([record], handler, deadLetters, signal);
    return;
  }
  const { topic: origin, key, value } = records[0]!;
  await deadLetters.publish({ origin, key, payload: payloadOf(value), attempts: attempt }, error);
}

export const payloadOf = (value: Uint8Array): DeadLetter['payload'] => {
  try {
    return { json: parseJson(value) };
  } catch {
    return { base64: Buffer.from(value).toString('base64') };
  }
};

type Handle<D> = (
  data: D,
  context: { signal: AbortSignal; headers: Readonly<Record<string, string>> },
) => Promise<void>;

export const eventHandler = (spec: EventSpec, run: Handle<never>): TopicHandler => ({
  topic: spec.name,
  decode: (record) => decodeEvent(spec, record),
  handle: oneByOne(run),
  atOnce: 1,
});

export const deadLetterHandler = (origin: string, run: Handle<DeadLetter>): TopicHandler => ({
  topic: deadLetterTopic(origin),
  decode: (record) => deadLetter.parse(parseJson(record.value)),
  handle: oneByOne(run),
  atOnce: 1,
});

const oneByOne =
  <D>(run: Handle<D>): TopicHandler['handle'] =>
  async (inputs, signal) => {
    for (const { data, headers } of inputs) await run(data as D, { signal, headers });
  };
