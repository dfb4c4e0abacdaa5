import { MetricsEndpoint } from '@millrace/platform';
import { afterEach, expect, it } from 'vitest';
import { QuotaCounts } from './quota-counts.ts';

const metrics = new MetricsEndpoint('test');
afterEach(() => metrics.close());

it('shows what became of reservations, of what size, and what nobody settled', async () => {
  const counts = new QuotaCounts();
  for (const tokens of [300, 200]) counts.reserved(tokens);
  counts.settled(40);
  counts.add('unsettled');
  counts.leasesEnded(3);
  const text = await metrics.text();
  expect(text).toMatch(/^millrace_quota_reservations_total\{outcome="reserved".*\} 2/m);
  expect(text).toMatch(/^millrace_quota_reservations_total\{outcome="settled".*\} 1/m);
  expect(text).toMatch(/^millrace_quota_reservations_total\{outcome="unsettled".*\} 1/m);
  expect(text).toMatch(/^millrace_quota_reservations_total\{outcome="unasked".*\} 0/m);
  expect(text).toMatch(/^millrace_quota_tokens_total\{stage="reserved".*\} 500/m);
  expect(text).toMatch(/^millrace_quota_tokens_total\{stage="settled".*\} 40/m);
  expect(text).toMatch(/^millrace_quota_leases_ended_total(\{.*\})? 3/m);
});
