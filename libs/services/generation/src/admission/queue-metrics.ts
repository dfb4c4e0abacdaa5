import { observeGauge } from '@millrace/platform';
import type { FairQueue } from './fair-queue.ts';
import { tiers } from './service-tier.ts';

/** What operators see of those who wait, of all tenants together. */
export function observeQueue(queue: FairQueue, bringUpToDate: () => void): void {
  observeGauge('millrace_answers_waiting', 'Requests that wait for their answer to begin, by tier.', () =>
    tiers.map((tier) => [queue.waitingIn(tier), { tier }]),
  );
  observeGauge('millrace_answers_under_way', 'Answers that have a place.', () => [[queue.answering, {}]]);
  observeGauge(
    'millrace_answers_service_gap_tokens',
    'Between the tenant that was served most and the one that was served least, of those that wait: prompt tokens, a token of an answer counting as two.',
    () => {
      bringUpToDate();
      return [[queue.gap, {}]];
    },
  );
}
