import { createHash } from 'node:crypto';
import { effectivePolicy, moderationCategoryNames, type ModerationPolicy } from '@millrace/contracts';

const digits = 12;

/** The same for policies that come to the same, however they are written; another one where a default changes. */
export function versionOf(policy: ModerationPolicy): string {
  const categories = moderationCategoryNames.toSorted().map((name) => {
    const { input, output, document, classifier } = effectivePolicy(policy, name);
    return [name, input, output, document, classifier?.input, classifier?.output, classifier?.threshold];
  });
  const canonical = JSON.stringify([categories, policy.on_failure]);
  return createHash('sha256').update(canonical).digest('hex').slice(0, digits);
}
