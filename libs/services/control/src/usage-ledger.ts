import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { events, logSegmentHours, type EventData } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry } from '@millrace/ports';
import { HandleEvent, LOGGER, type Logger } from '@millrace/platform';

const hourMs = 3_600_000;
/** While the log has an answer, it may be told again. */
const rememberMs = (events.answerCompleted.retentionHours + logSegmentHours) * hourMs;
/** A caller may ask for a model by any name. */
const longestName = 200;

/** Adds up what answers used, each once. */
@Injectable()
export class UsageLedger implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private forgetting: Promise<void> = Promise.resolve();

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.forgetting = this.forget();
    }, hourMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.forgetting;
  }

  @HandleEvent(events.answerCompleted, { group: 'control.usage', keysAtOnce: 8 })
  async completed(event: EventData<typeof events.answerCompleted>): Promise<void> {
    const { tenant, outcome, backend, usage, answer = event.requestId, cost = 0 } = event;
    const { promptTokens, completionTokens, estimated } = usage;
    await this.registry.usage.add({
      ...{ answer, tenant, outcome, cost, promptTokens, completionTokens, estimated },
      at: Date.parse(event.at),
      // What nobody has answered by is a name that the caller made up, perhaps.
      model: completionTokens > 0 || event.cached ? event.model.slice(0, longestName) : '',
      backend: backend.slice(0, longestName),
    });
  }

  private async forget(): Promise<void> {
    await this.registry.usage
      .forget(this.clock.now() - rememberMs)
      .catch((err: unknown) =>
        this.logger.error({ err }, 'answers that were counted could not be forgotten'),
      );
  }
}
