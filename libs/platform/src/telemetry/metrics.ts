import { metrics, type Attributes, type ObservableCallback } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { resourceOf } from './resource.ts';

const meter = () => metrics.getMeter('millrace');

/** Seconds, from a tenth of a millisecond to ten minutes. */
const durationBounds = [
  0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600,
];

const shareBounds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

const lazy = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

/** Every instrument, declared once. Labels are bounded: names from the contract tables, outcomes, error codes. */
const instruments = {
  handled: lazy(() =>
    meter().createHistogram('millrace_handler_duration_seconds', {
      description:
        'Time a handler took, by kind (route, event, job, call), name and outcome (ok or error code).',
      unit: 's',
      advice: { explicitBucketBoundaries: durationBounds },
    }),
  ),
  waited: lazy(() =>
    meter().createHistogram('millrace_wait_duration_seconds', {
      description:
        'Time between enqueue or publish and the start of the handler; of an answer (kind answer), until its turn, by tier.',
      unit: 's',
      advice: { explicitBucketBoundaries: durationBounds },
    }),
  ),
  retried: lazy(() =>
    meter().createCounter('millrace_retries_total', {
      description: 'Attempts that failed and will be repeated, by name and error code.',
    }),
  ),
  deadLettered: lazy(() =>
    meter().createCounter('millrace_dead_letters_total', {
      description: 'Messages given up, by origin and error code.',
    }),
  ),
  grounded: lazy(() =>
    meter().createHistogram('millrace_answer_groundedness', {
      description:
        'How far the passages that an answer was made from bear out what it says, 0 to 1, by generator (model or extractive).',
      advice: { explicitBucketBoundaries: shareBounds },
    }),
  ),
  refused: lazy(() =>
    meter().createCounter('millrace_refused_total', {
      description: 'Requests refused because a bound was reached, by bound.',
    }),
  ),
};

export const recordHandled = (
  seconds: number,
  labels: { kind: string; name: string; outcome: string },
): void => instruments.handled().record(seconds, labels);
export const recordWait = (seconds: number, labels: { kind: string; name: string }): void =>
  instruments.waited().record(Math.max(0, seconds), labels);
export const countRetry = (labels: { name: string; code: string }): void =>
  instruments.retried().add(1, labels);
export const countDeadLetter = (labels: { origin: string; code: string }): void =>
  instruments.deadLettered().add(1, labels);
export const countRefusal = (bound: string): void => instruments.refused().add(1, { bound });

export const recordGroundedness = (score: number, labels: { generator: string }): void =>
  instruments.grounded().record(score, labels);

type Read = () => Promise<Iterable<readonly [number, Attributes]>> | Iterable<readonly [number, Attributes]>;

/** A figure read when somebody looks: queue depths, waiting tokens, open streams. */
export function observeGauge(name: string, description: string, read: Read): void {
  meter().createObservableGauge(name, { description }).addCallback(observing(read));
}

/** The same for one that only grows, counted by whoever is asked. */
export function observeCounter(name: string, description: string, read: Read): void {
  meter().createObservableCounter(name, { description }).addCallback(observing(read));
}

const observing =
  (read: Read): ObservableCallback =>
  async (result) => {
    for (const [value, attributes] of await read()) result.observe(value, attributes);
  };

/** Collects this process's metrics; `text()` is what `/metrics` answers. */
export class MetricsEndpoint {
  private readonly exporter = new PrometheusExporter({ preventServerStart: true });
  private readonly provider: MeterProvider;
  private readonly serializer = new PrometheusSerializer();

  constructor(service: string) {
    this.provider = new MeterProvider({ resource: resourceOf(service), readers: [this.exporter] });
    metrics.setGlobalMeterProvider(this.provider);
  }

  async text(): Promise<string> {
    const { resourceMetrics } = await this.exporter.collect();
    return this.serializer.serialize(resourceMetrics);
  }

  async close(): Promise<void> {
    await this.provider.shutdown();
    metrics.disable();
  }
}
