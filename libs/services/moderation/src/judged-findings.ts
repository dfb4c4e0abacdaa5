import {
  effectivePolicy,
  type ModerationCategory,
  type ModerationDirection,
  type ModerationFinding,
  type ModerationPolicy,
} from '@millrace/contracts';
import type { CategoryScore } from '@millrace/ports';

interface Judged {
  readonly direction: ModerationDirection;
  readonly text: string;
}

/** What the classifier found, as far as the policy does not allow it: of the text as a whole. It judges no documents. */
export function judgedFindings(
  scores: readonly CategoryScore[],
  { direction, text }: Judged,
  policy: ModerationPolicy,
): ModerationFinding[] {
  return scores.flatMap(({ category, score, found }) => {
    const { classifier } = effectivePolicy(policy, category as ModerationCategory);
    const counts = classifier?.threshold === undefined ? found : score >= classifier.threshold;
    const action = direction === 'document' ? 'allow' : (classifier?.[direction] ?? 'flag');
    if (!counts || action === 'allow') return [];
    return { category, score, action, start: 0, end: text.length };
  });
}
