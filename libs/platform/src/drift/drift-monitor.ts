import { Inject, Injectable } from '@nestjs/common';
import { events, type DriftKind } from '@millrace/contracts';
import type { SettingsOf } from '../config/settings.ts';
import { EventPublisher } from '../messaging/event-publisher.ts';
import { LOGGER, type Logger } from '../telemetry/logger.ts';
import { observeCounter, observeGauge } from '../telemetry/metrics.ts';
import { driftSettings } from './drift-settings.ts';
import { DriftWatch, type Drift, type WatchOptions } from './drift-watch.ts';
import { RankFeatures, VectorFeatures } from './features.ts';

/** Models that are watched at a time for each kind: while one follows the other, both serve. */
const mostModels = 2;

const eventOf = {
  query: events.retrievalDrifted,
  score: events.retrievalDrifted,
  document: events.embeddingDrifted,
} satisfies Record<DriftKind, unknown>;

type Watch = DriftWatch<Float32Array | number>;

/** What stands in the metrics. */
export interface DriftFigures extends Pick<Watch, 'latest' | 'comparisons' | 'drifts'> {
  readonly kind: DriftKind;
  /** Fingerprint of the embedding model. */
  readonly model: string;
}

const gauges: Readonly<Record<string, readonly [string, (figures: DriftFigures) => number | undefined]>> = {
  millrace_drift_p_value: [
    'Of the last comparison with the reference window: how likely such a difference is without drift.',
    ({ latest }) => latest?.pValue,
  ],
  millrace_drift_statistic: [
    'Of the last comparison with the reference window: how far apart both were.',
    ({ latest }) => latest?.statistic,
  ],
};

const counters: typeof gauges = {
  millrace_drift_comparisons_total: [
    'Windows of samples that were compared with the reference window.',
    ({ comparisons }) => comparisons,
  ],
  millrace_drift_detected_total: ['Windows of samples that had drifted.', ({ drifts }) => drifts],
};

/**
 * Watches this process's questions, scores and documents, each kind and model apart and all tenants together. Nobody waits
 * for it, nothing fails by it, and only figures leave it.
 */
@Injectable()
export class DriftMonitor {
  private readonly watches: Readonly<Record<DriftKind, Map<string, Watch>>> = {
    query: new Map(),
    score: new Map(),
    document: new Map(),
  };
  private readonly options: WatchOptions;

  constructor(
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(driftSettings.token) private readonly settings: SettingsOf<typeof driftSettings>,
  ) {
    const { samples, minutes, oneFalseAlarmIn } = settings;
    this.options = { samples, lastsMs: minutes * 60_000, oneFalseAlarmIn };
    this.observe();
  }

  /** @param model fingerprint of the model that made the vector */
  noteVector(kind: 'query' | 'document', model: string, vector: Float32Array): void {
    if (!this.settings.enabled) return;
    const make = () => new DriftWatch(new VectorFeatures(vector.length, Math.random), this.options);
    this.note(kind, model, make, vector);
  }

  /** The score of the best hit of a search as most are: scores of other modes and weights are on other scales. */
  noteScore(model: string, score: number): void {
    if (!this.settings.enabled) return;
    this.note('score', model, () => new DriftWatch(new RankFeatures(), this.options), score);
  }

  figures(): DriftFigures[] {
    return Object.entries(this.watches).flatMap(([kind, watches]) =>
      [...watches].map(([model, { latest, comparisons, drifts }]) => ({
        ...{ kind: kind as DriftKind, model, latest, comparisons, drifts },
      })),
    );
  }

  private note(kind: DriftKind, model: string, make: () => Watch, sample: Float32Array | number): void {
    const watch = this.watches[kind].get(model) ?? this.begin(kind, model, make());
    void watch.note(sample)?.then((drift) => drift && this.tell(kind, model, drift));
  }

  private begin(kind: DriftKind, model: string, watch: Watch): Watch {
    const watches = this.watches[kind].set(model, watch);
    if (watches.size > mostModels) watches.delete(watches.keys().next().value!);
    return watch;
  }

  private async tell(kind: DriftKind, model: string, drift: Drift): Promise<void> {
    const { pValue, statistic } = drift;
    this.logger.warn({ kind, model, pValue, statistic }, 'drift: the window differs from its reference');
    const at = new Date().toISOString();
    await this.events
      .publish(eventOf[kind], { kind, model, ...drift, at })
      .catch((err: unknown) => this.logger.error({ err, kind }, 'drift could not be told of'));
  }

  private observe(): void {
    for (const [kind, observe] of [
      [gauges, observeGauge],
      [counters, observeCounter],
    ] as const)
      for (const [name, [description, read]] of Object.entries(kind))
        observe(name, description, () =>
          this.figures().flatMap((figures) => {
            const value = read(figures);
            return value === undefined
              ? []
              : [[value, { kind: figures.kind, model: figures.model }] as const];
          }),
        );
  }
}
