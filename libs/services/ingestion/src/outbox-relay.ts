import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { isTopic, MillraceError } from '@millrace/contracts';
import {
  EVENT_LOG,
  REGISTRY,
  type EventLog,
  type NewRecord,
  type PendingEvent,
  type Registry,
} from '@millrace/ports';
import { DeadLetterPublisher, letterPayload, LOGGER, type Logger, type SettingsOf } from '@millrace/platform';
import { ingestionSettings } from './ingestion-settings.ts';

/** Looks by itself this often, for events that another process registered. */
const lookMs = 500;
const longestPauseMs = 10_000;

/**
 * Moves registered events into the log, oldest first, and marks them only when the log has them: an event may go twice,
 * never not at all. One that the log would never take becomes a dead letter, so that nothing waits behind it.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private nudge: () => void = () => undefined;
  private woken = false;

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(DeadLetterPublisher) private readonly deadLetters: DeadLetterPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(ingestionSettings.token) private readonly settings: SettingsOf<typeof ingestionSettings>,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.closing.abort();
    this.wake();
    await this.running;
  }

  /** Something was registered: do not wait for the next look. */
  wake(): void {
    this.woken = true;
    this.nudge();
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.closing.signal.aborted)
      try {
        this.woken = false;
        const moved = await this.relayOnce();
        failures = 0;
        if (moved < this.settings.relayBatch && !this.woken) await this.idle();
      } catch (err) {
        if (failures++ === 0)
          this.logger.error({ err }, 'events wait in the registry: the log cannot be written');
        await pause(Math.min(longestPauseMs, lookMs * 2 ** failures), undefined, {
          signal: this.closing.signal,
        }).catch(() => undefined);
      }
  }

  /** How many events were moved. */
  relayOnce(): Promise<number> {
    return this.registry.outbox.relay(this.settings.relayBatch, (events) => this.publish(events));
  }

  /** Together; when one of them is at fault, each by itself, in their order. */
  private async publish(events: readonly PendingEvent[]): Promise<void> {
    const records: NewRecord[] = [];
    for (const record of events.map(toRecord))
      if (isTopic(record.topic)) records.push(record);
      else
        await this.giveUp(
          record,
          new MillraceError('invalid_event', { detail: `there is no topic ${record.topic}` }),
        );
    try {
      await this.log.publish(records);
    } catch (thrown) {
      if (MillraceError.from(thrown).spec.retryable) throw thrown;
      for (const record of records) await this.publishAlone(record);
    }
  }

  private async publishAlone(record: NewRecord): Promise<void> {
    try {
      await this.log.publish([record]);
    } catch (thrown) {
      const error = MillraceError.from(thrown);
      if (error.spec.retryable) throw thrown;
      await this.giveUp(record, error);
    }
  }

  private giveUp({ topic: origin, key, value, headers }: NewRecord, error: MillraceError): Promise<void> {
    return this.deadLetters.publish(
      { origin, key, headers, payload: letterPayload(value), attempts: 1 },
      error,
    );
  }

  private async idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lookMs);
      this.nudge = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.nudge = () => undefined;
  }
}

const toRecord = ({ topic, key, value, headers }: PendingEvent): NewRecord => ({
  topic,
  key,
  value: new TextEncoder().encode(value),
  headers,
});
