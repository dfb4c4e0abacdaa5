import type { Found } from '../answers/told-part.ts';
import type { Moderate } from './held-text.ts';

/** What moderation found in one answer: each category once for each thing that was done about it. */
export class NotedFindings {
  private readonly found = new Map<string, Found>();

  constructor(private readonly moderate: Moderate) {}

  readonly noting: Moderate = async (input) => {
    const verdict = await this.moderate(input);
    for (const { category, action } of verdict.findings)
      this.found.set(`${action} ${category}`, { category, action });
    return verdict;
  };

  get all(): Found[] {
    return [...this.found.values()];
  }
}
