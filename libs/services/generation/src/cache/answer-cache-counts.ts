import { observeCounter } from '@millrace/platform';

/** How an answer that may be kept was come by. */
export const cacheOutcomes = ['hit', 'shared', 'miss'] as const;
export type CacheOutcome = (typeof cacheOutcomes)[number];

/** How often an answer was kept and told again, of all tenants together. */
export class AnswerCacheCounts {
  private readonly outcomes = new Map<CacheOutcome, number>(cacheOutcomes.map((outcome) => [outcome, 0]));
  private answers = 0;
  private bytes = 0;
  private failures = 0;

  constructor() {
    observeCounter(
      'millrace_answer_cache_total',
      'Answers that may be kept: told from the cache (hit), from one under way for the same question (shared), or made (miss).',
      () => [...this.outcomes].map(([outcome, count]) => [count, { outcome }]),
    );
    observeCounter('millrace_answer_cache_stored_total', 'Answers that were kept.', () => [
      [this.answers, {}],
    ]);
    observeCounter('millrace_answer_cache_stored_bytes_total', 'Bytes of answers that were kept.', () => [
      [this.bytes, {}],
    ]);
    observeCounter(
      'millrace_answer_cache_failures_total',
      'Times that the cache of answers could not be read or written.',
      () => [[this.failures, {}]],
    );
  }

  count(outcome: CacheOutcome): void {
    this.outcomes.set(outcome, this.outcomes.get(outcome)! + 1);
  }

  stored(bytes: number): void {
    this.answers += 1;
    this.bytes += bytes;
  }

  failed(): void {
    this.failures += 1;
  }
}
