import { Inject, Injectable } from '@nestjs/common';
import {
  deadLetterTopic,
  documentVersion,
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
}

/** Puts what cannot be handled into `<topic>.dlq`; resolved means durable, so the original may be let go. */
@Injectable()
export class DeadLetterPublisher {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async publish({ origin, key, payload, attempts }: GivenUp, error: MillraceError): Promise<void> {
    const subject = subjectOf(payload);
    const letter: DeadLetter = {
      reason: { code: error.code, message: error.message },
      attempts,
      origin,
      ...(subject && { subject }),
      at: new Date().toISOString(),
      payload,
    };
    const value = new TextEncoder().encode(JSON.stringify(letter));
    await this.log.publish([{ topic: deadLetterTopic(origin), key, value, headers: traceHeaders() }]);
    countDeadLetter({ origin, code: error.code });
    this.logger.warn({ origin, code: error.code, attempts, ...subject }, 'dead-lettered');
  }
}

const subjectOf = (payload: DeadLetter['payload']): DocumentVersion | undefined => {
  const parsed = documentVersion.safeParse('json' in payload ? payload.json : undefined);
  return parsed.success ? parsed.data : undefined;
};
