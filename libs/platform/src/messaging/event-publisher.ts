import { Inject, Injectable } from '@nestjs/common';
import type { EventData, EventSpec } from '@millrace/contracts';
import { EVENT_LOG, type EventLog, type OutboxEvent } from '@millrace/ports';
import { SERVICE_NAME } from '../tokens.ts';
import { encodeEvent, eventHeaders } from './event-codec.ts';

/** Publishes facts of the contracts table; resolved means durable. */
@Injectable()
export class EventPublisher {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(SERVICE_NAME) private readonly service: string,
  ) {}

  publish<E extends EventSpec>(spec: E, ...data: readonly EventData<E>[]): Promise<void> {
    return this.log.publish(data.map((item) => encodeEvent(spec, item, this.service)));
  }

  /** The same event for the registry's outbox, from where it is relayed unchanged. */
  forOutbox<E extends EventSpec>(spec: E, data: EventData<E>): OutboxEvent {
    const checked = spec.schema.parse(data) as EventData<E>;
    return {
      topic: spec.name,
      key: spec.key(checked),
      value: JSON.stringify(checked),
      headers: eventHeaders(spec, this.service),
    };
  }
}
