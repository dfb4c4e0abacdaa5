import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  deadLetterTopic,
  documentVersion,
  events,
  isDeadLetterTopic,
  isTopic,
  type AnyEventSpec,
  type DeadLetter,
  type DocumentVersion,
  type MillraceError,
} from '@millrace/contracts';
import { EVENT_LOG, type EventLog } from '@millrace/ports';
import { countDeadLetter } from '../telemetry/metrics.ts';
import { LOGGER, type Logger } from '../telemetry/logger.ts';
import { traceHeaders } from '../telemetry/tracing.ts';

export interface GivenUp {
  /** The topic the message came from and would be replayed to. */
  readonly origin: string;
  readonly key: string;
  readonly payload: DeadLetter['payload'];
  readonly attempts: number;
  /** Those of the record, and where it stands; a job has none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly partition?: number | undefined;
  readonly offset?: number | undefined;
  /** Epoch milliseconds. */
  readonly timestamp?: number | undefined;
}

/** Topics whose messages come from outside: whatever they say of a version, it is not ours to believe. */
const foreign: ReadonlySet<string> = new Set(
  Object.values<AnyEventSpec>(events).flatMap(({ name, carries }) =>
    carries === 'cloud-event' ? [name] : [],
  ),
);

/** Until the clock has moved on; one that was set back is not waited for. */
const mostWaits = 5;

/** Characters of the key that a letter keeps which is too long otherwise. */
const shortKey = 512;

/** Puts what cannot be handled into `<topic>.dlq`; resolved means durable, so the original may be let go. */
@Injectable()
export class DeadLetterPublisher {
  /** Of the last letter of each key whose time is being waited for. */
  private readonly times = new Map<string, Promise<number>>();

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async publish(given: GivenUp, error: MillraceError): Promise<void> {
    const { origin, attempts } = given;
    const about = { origin, code: error.code, attempts };
    if (isDeadLetterTopic(origin))
      return this.logger.error(about, 'a dead letter that cannot be handled stays in its topic');
    const letter = letterOf(given, error, await this.ownTime(given.key));
    await this.send(letter, given.key);
    await clockPasses(Date.parse(letter.at));
    // Whether that is a loss, or the version was overtaken, ingestion says, who reads the letter.
    if (error.code === 'version_gone') return;
    countDeadLetter({ origin, code: error.code });
    this.logger.warn({ ...about, ...letter.subject }, 'dead-lettered');
  }

  /**
   * Later than all that was handled under this key before, and than its letter before: what came first decides which replay
   * stands, and what an erasure takes along. It is waited for, because a time ahead of the clock would be later than what
   * comes next.
   */
  private async ownTime(key: string): Promise<number> {
    const time = (this.times.get(key) ?? Promise.resolve(0)).then(async (last) => {
      await clockPasses(Math.max(last, Date.now()));
      return Math.max(Date.now(), last + 1);
    });
    this.times.set(key, time);
    const at = await time;
    if (this.times.get(key) === time) this.times.delete(key);
    return at;
  }

  /** With the message, or without it where the log would refuse the letter: a long one must not stand in the way. */
  private async send(letter: DeadLetter, key: string): Promise<void> {
    const whole = encode(letter);
    const bytes = whole.byteLength + Buffer.byteLength(key);
    const fits = bytes <= this.log.limits.maxRecordBytes;
    const value = fits ? whole : encode(withoutMessage(letter, bytes));
    // Of a topic that there is not there are no dead letters either.
    const origin = isTopic(letter.origin) ? letter.origin : events.documents.name;
    const topic = deadLetterTopic(origin);
    await this.log.publish([
      { topic, key: fits ? key : key.slice(0, shortKey), value, headers: traceHeaders() },
    ]);
  }
}

async function clockPasses(time: number): Promise<void> {
  for (let waits = 0; Date.now() <= time && waits < mostWaits; waits++) await pause(1);
}

const encode = (letter: DeadLetter): Uint8Array => new TextEncoder().encode(JSON.stringify(letter));

function letterOf(given: GivenUp, error: MillraceError, at: number): DeadLetter {
  const { origin, key, payload, attempts, headers, partition, offset, timestamp } = given;
  const subject = foreign.has(origin) ? undefined : subjectOf(payload);
  return {
    reason: { code: error.code, message: error.message },
    attempts,
    origin,
    ...(subject && { subject }),
    at: new Date(at).toISOString(),
    payload,
    key,
    ...(headers && { headers }),
    ...(partition !== undefined && { partition }),
    ...(offset !== undefined && { offset }),
    ...(timestamp !== undefined && { timestamp }),
  };
}

const withoutMessage = (
  { headers: _headers, key = '', reason, ...letter }: DeadLetter,
  bytes: number,
): DeadLetter => ({
  ...letter,
  reason: { ...reason, message: `${reason.message} Too long to be replayed from here: send it again.` },
  key: key.slice(0, shortKey),
  payload: { base64: '' },
  omitted_bytes: bytes,
});

const subjectOf = (payload: DeadLetter['payload']): DocumentVersion | undefined => {
  const parsed = documentVersion.safeParse('json' in payload ? payload.json : undefined);
  return parsed.success ? parsed.data : undefined;
};
