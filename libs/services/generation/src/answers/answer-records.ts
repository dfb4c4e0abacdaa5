import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { events } from '@millrace/contracts';
import {
  EventPublisher,
  LOGGER,
  recordGroundedness,
  Sparing,
  type Logger,
  type SettingsOf,
} from '@millrace/platform';
import type { AnswerRecord } from './answer-record.ts';
import { extractiveModel } from '../extracts/extractive-answerer.ts';
import { generationSettings } from '../generation-settings.ts';
import { ModerationCounts } from '../release/moderation-counts.ts';

/**
 * Publishes what became of answers, behind them: nobody waits for his answer because the log does not answer. A service
 * that stops waits for all of them; and so does the next answer where there are as many as may be given at a time.
 */
@Injectable()
export class AnswerRecords implements OnModuleDestroy {
  private readonly underWay = new Set<Promise<void>>();
  private readonly sparing = new Sparing();
  private readonly counts = new ModerationCounts();

  constructor(
    @Inject(EventPublisher) private readonly publisher: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(generationSettings.token) private readonly settings: SettingsOf<typeof generationSettings>,
  ) {}

  async write(record: AnswerRecord): Promise<void> {
    const writing = this.publish(record).finally(() => this.underWay.delete(writing));
    this.underWay.add(writing);
    if (this.underWay.size > this.settings.maxAnswers) await Promise.race(this.underWay);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.underWay);
  }

  /**
   * An answer that was given stands, even when its record cannot be written. While that goes on it is told of now and then;
   * the records themselves are in the log of who asks for debugging.
   */
  private async publish(record: AnswerRecord): Promise<void> {
    const event = record.toEvent();
    this.counts.add(event.findings ?? []);
    const { groundedness, backend } = event;
    if (groundedness) recordGroundedness(groundedness.score, { generator: generatorOf(backend) });
    try {
      await this.publisher.publish(events.answerCompleted, event);
    } catch (err) {
      this.logger.debug({ answer: event }, 'a record that could not be published');
      const untold = this.sparing.tell(events.answerCompleted.name);
      if (untold === undefined) return;
      const more = untold > 0 && { untold };
      this.logger.error({ err, ...more }, 'the record of an answer could not be published');
    }
  }
}

const generatorOf = (backend: string) => (backend === extractiveModel ? 'extractive' : 'model');
