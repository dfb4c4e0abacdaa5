import { observeCounter, observeGauge } from '@millrace/platform';
import type { Standing } from './standing.ts';

export type AttemptOutcome = 'completed' | 'failed' | 'left';

interface Watched {
  readonly labels: { readonly back_end: string; readonly model: string };
  readonly standing: Standing;
}

/** What operators see of the traffic to back ends. */
export class TrafficMetrics {
  private readonly counts = new Map<string, { readonly labels: Record<string, string>; count: number }>();
  private readonly standings: Watched[] = [];

  constructor(now: () => number) {
    observeCounter(
      'millrace_back_end_attempts_total',
      'Requests to language model back ends by how they ended; left: the asker went away, or it was given up.',
      () => [...this.counts.values()].map(({ count, labels }) => [count, labels]),
    );
    observeGauge(
      'millrace_back_end_first_word_seconds',
      'What a model of a back end is expected to take to its first word; 0: nothing is known.',
      () => this.standings.map(({ labels, standing }) => [standing.forecast(0, now()) / 1_000, labels]),
    );
    observeGauge(
      'millrace_back_end_rests',
      '1 while a model of a back end is left in peace, because it failed or asked for it.',
      () => this.standings.map(({ labels, standing }) => [Number(standing.rests(now())), labels]),
    );
  }

  count(backEnd: string, outcome: AttemptOutcome): void {
    const key = `${backEnd} ${outcome}`;
    const known = this.counts.get(key) ?? { labels: { back_end: backEnd, outcome }, count: 0 };
    known.count += 1;
    this.counts.set(key, known);
  }

  watch(backEnd: string, model: string | undefined, standing: Standing): void {
    this.standings.push({ labels: { back_end: backEnd, model: model ?? 'default' }, standing });
  }
}
