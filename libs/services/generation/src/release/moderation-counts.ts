import type { EventData, events } from '@millrace/contracts';
import { observeCounter } from '@millrace/platform';

type Finding = NonNullable<EventData<typeof events.answerCompleted>['findings']>[number];

/** What moderation found in answers and did about it, of all tenants together. */
export class ModerationCounts {
  private readonly counts = new Map<string, { readonly finding: Finding; count: number }>();

  constructor() {
    observeCounter(
      'millrace_moderation_findings_total',
      'Questions (input) and answers (output) in which moderation found a category, by the most that was done about it.',
      () =>
        [...this.counts.values()].map(({ finding, count }) => [
          count,
          {
            ...{ category: finding.category, direction: finding.direction },
            action: finding.action ?? 'flag',
          },
        ]),
    );
  }

  add(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const key = JSON.stringify([finding.category, finding.direction, finding.action]);
      const counted = this.counts.get(key) ?? { finding, count: 0 };
      counted.count += 1;
      this.counts.set(key, counted);
    }
  }
}
