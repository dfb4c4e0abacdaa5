import { setTimeout as pause } from 'node:timers/promises';
import { MillraceError } from '@millrace/contracts';
import type { LogPlace, LogRecord } from '@millrace/ports';
import { countRetry } from '../telemetry/metrics.ts';
import { observe } from '../telemetry/observe.ts';
import type { DeadLetterPublisher } from './dead-letter-publisher.ts';
import { letterPayload } from './letter-payload.ts';
import type { RecordsGivenUp } from './records-given-up.ts';
import type { Unforeseen } from './unforeseen.ts';

export interface HandlerInput {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: string;
  readonly place: LogPlace;
}

/** What a group does with the records of one topic. */
export interface TopicHandler {
  readonly topic: string;
  /** The record's data; throws `invalid_event` when it cannot be read. */
  readonly decode: (record: LogRecord) => unknown;
  /** Handles up to `atOnce` records, in order; repeats must be harmless. */
  readonly handle: (inputs: readonly HandlerInput[], signal: AbortSignal) => Promise<void>;
  readonly atOnce: number;
  /** Of how many keys records are handled at a time, each by itself and those of one key in order. Default 1. */
  readonly keysAtOnce?: number;
}

/** With pauses between that double, about two and a half seconds in all. */
const attempts = 7;
const firstPauseMs = 20;
/** What is the record's own fault gets its attempts only while it is this young: many of them must not add up. */
const patienceMs = 3_000;

/**
 * Handles records in order, or where a handler says so those of several keys at a time. What can never be handled goes to the dead letters at once and the partition moves on;
 * what may work later is tried again here. If it still fails, the record's own fault ends in the dead letters, while
 * an outage leaves the records uncommitted, so that it stops the flow instead of emptying it into the dead letters.
 */
export async function consume(
  records: readonly LogRecord[],
  handlers: ReadonlyMap<string, TopicHandler>,
  giving: Giving,
  signal: AbortSignal,
): Promise<void> {
  const taken = records.filter((record) => !giving.givenUp.has(record));
  for (const run of runsOf(taken, handlers)) {
    signal.throwIfAborted();
    if (run.handler.keysAtOnce === undefined || run.handler.keysAtOnce === 1)
      await handleRun(run.records, run.handler, giving, signal);
    else await handleKeys(run.records, run.handler, giving, signal);
  }
}

/** How a group gives records up; one for all its records. */
export interface Giving {
  readonly deadLetters: DeadLetterPublisher;
  readonly unforeseen: Unforeseen;
  readonly givenUp: RecordsGivenUp;
}

interface Run {
  readonly handler: TopicHandler;
  readonly records: LogRecord[];
}

/** Consecutive records of one topic: as many as its handler takes at once, or all where it goes by keys. */
function runsOf(records: readonly LogRecord[], handlers: ReadonlyMap<string, TopicHandler>): Run[] {
  const runs: Run[] = [];
  for (const record of records) {
    const handler = handlers.get(record.topic);
    const last = runs.at(-1);
    if (!handler) continue;
    const most = (handler.keysAtOnce ?? 1) > 1 ? Infinity : handler.atOnce;
    if (last?.handler === handler && last.records.length < most) last.records.push(record);
    else runs.push({ handler, records: [record] });
  }
  return runs;
}

/** All have ended when it rejects: the records come again, and none of a key may meet itself. */
async function handleKeys(
  records: readonly LogRecord[],
  handler: TopicHandler,
  giving: Giving,
  signal: AbortSignal,
): Promise<void> {
  const waiting = Map.groupBy(records, ({ key }) => key).values();
  const lane = async (): Promise<void> => {
    for (const ofKey of waiting)
      for (const record of ofKey) await handleRun([record], handler, giving, signal);
  };
  const lanes = await Promise.allSettled(Array.from({ length: handler.keysAtOnce ?? 1 }, lane));
  const failed = lanes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

async function handleRun(
  records: readonly LogRecord[],
  handler: TopicHandler,
  giving: Giving,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      const { topic: name, headers, timestamp: sentAt } = records[0]!;
      return await observe({ kind: 'event', name, headers, sentAt }, () => {
        const inputs = records.map((record) => inputOf(handler, record));
        return handler.handle(inputs, signal);
      });
    } catch (thrown) {
      const error = MillraceError.from(thrown);
      if (signal.aborted) throw error;
      const over = attempt >= attempts;
      if (over && error.spec.outage === true) throw error;
      if (over || isHopeless(error, records[0]!))
        return await singleOut(records, handler, giving, error, attempt, signal);
      countRetry({ name: handler.topic, code: error.code });
      await pause(firstPauseMs * 2 ** attempt, undefined, { signal });
    }
}

function inputOf(handler: TopicHandler, record: LogRecord): HandlerInput {
  const { headers, key, partition, offset, timestamp } = record;
  return { data: handler.decode(record), headers, key, place: { partition, offset, timestamp } };
}

const isHopeless = (error: MillraceError, { timestamp }: LogRecord): boolean =>
  !error.spec.retryable || (!mayBeOutage(error) && Date.now() - timestamp > patienceMs);

/** What nobody foresaw may be one. */
const mayBeOutage = ({ spec, code }: MillraceError): boolean => spec.outage === true || code === 'internal';

/** One of several is at fault: each goes alone. One alone is given up. */
async function singleOut(
  records: readonly LogRecord[],
  handler: TopicHandler,
  giving: Giving,
  error: MillraceError,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  if (records.length > 1) {
    for (const record of records) await handleRun([record], handler, giving, signal);
    return;
  }
  const record = records[0]!;
  if (error.code === 'internal' && !giving.unforeseen.mayGiveUp()) throw error;
  const { topic: origin, value, ...given } = record;
  await giving.deadLetters.publish(
    { origin, ...given, payload: letterPayload(value), attempts: attempt },
    error,
  );
  giving.givenUp.add(record);
}
