import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { MillraceError } from '@millrace/contracts';
import { CLOCK, REGISTRY, type Clock, type Registry, type StalledVersion } from '@millrace/ports';
import { LOGGER, observeGauge, type Logger, type SettingsOf } from '@millrace/platform';
import { v5 as uuid } from 'uuid';
import { Backlog } from './backlog.ts';
import { controlSettings } from './control-settings.ts';

/** Versions read at once, and how often in one pass: thousands stand still when a queue was emptied. */
const page = 256;
const mostPages = 16;
/** Named in the log of a pass: what stands still for want of a model, say, stands by the hundred. */
const mostNamed = 3;
const longestGraceMs = 3_600_000;
/** Namespace of the ids of letters that the reconciler writes. */
const namespace = '6c1a2a3e-52a5-4a0e-9f3e-0d8f6f1f6a11';

/** What a log says of a version. */
const named = ({ tenant, document, version, state, resends }: StalledVersion) => ({
  ...{ tenant, document, version, state, resends },
});

/**
 * Finds versions that stand still though nothing waits that long, and sends them on from where they are. So a lost
 * topic, an emptied queue or a crash between two stages delays a document and never loses it.
 */
@Injectable()
export class Reconciler implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private pass: Promise<void> = Promise.resolve();
  private stalled = 0;

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(Backlog) private readonly backlog: Backlog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(controlSettings.token) private readonly settings: SettingsOf<typeof controlSettings>,
  ) {
    observeGauge(
      'millrace_stalled_documents',
      'Documents found standing still in the last pass of the reconciler.',
      () => [[this.stalled, {}]],
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.pass = this.pass
        .then(() => this.reconcile())
        .catch((err: unknown) => this.logger.error({ err }, 'reconciling failed'));
    }, this.settings.reconcileSeconds * 1000);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.pass;
  }

  /** One pass, page after page: what it meets stands still no more. */
  async reconcile(): Promise<void> {
    const sentOn: object[] = [];
    let found = 0;
    for (let pages = 0; pages < mostPages; pages++) {
      const versions = await this.standStill();
      found += versions.length;
      for (const version of versions) if (await this.moveOn(version)) sentOn.push(named(version));
      if (versions.length < page) break;
    }
    this.stalled = found;
    if (sentOn.length > 0)
      this.logger.warn(
        { count: sentOn.length, examples: sentOn.slice(0, mostNamed) },
        'stalled documents sent on',
      );
  }

  private async standStill(): Promise<StalledVersion[]> {
    const waited = await this.backlog.oldestAgeMs();
    const before = this.clock.now() - this.settings.stallSeconds * 1000 - waited;
    return this.registry.documents.stalled(before, page);
  }

  /** Whether it was sent on: what was so often enough is dead-lettered, and what has moved meanwhile is left alone. */
  private async moveOn(version: StalledVersion): Promise<boolean> {
    const now = this.clock.now();
    if (version.resends < this.settings.maxResends)
      return this.registry.documents.resend(version, now + this.graceMs(version.resends));
    await this.giveUp(version, now);
    this.logger.error(named(version), 'stalled document dead-lettered');
    return false;
  }

  /** Ever longer: what waits for an outage to end must not be given up, nor sent on by the thousand. */
  private graceMs(resends: number): number {
    return Math.min(longestGraceMs, this.settings.stallSeconds * 1000 * (2 ** resends - 1));
  }

  private async giveUp(version: StalledVersion, at: number): Promise<void> {
    const { tenant, document, version: number, resends, resume } = version;
    const error = new MillraceError('stalled');
    await this.registry.deadLetters.record({
      id: uuid(`${tenant}/${document}@${number}/stalled`, namespace),
      tenant,
      origin: resume.topic,
      subject: { tenant, document, version: number },
      reason: { code: error.code, message: error.message },
      attempts: resends,
      at,
      saidAt: at,
      replay: resume,
    });
  }
}
