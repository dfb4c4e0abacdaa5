import {
  moderationActions,
  moderationCategories,
  moderationCategoryNames,
  type CategorySpec,
  type ModerationPolicy,
} from '@millrace/contracts';
import fc from 'fast-check';

/** Of what the rules find. */
export const ruledCategories = moderationCategoryNames.filter((name) => {
  const { foundBy }: CategorySpec = moderationCategories[name];
  return foundBy.includes('rules');
});

/** Something else done in answers about each of them. */
export const anyPolicy: fc.Arbitrary<ModerationPolicy> = fc
  .tuple(...ruledCategories.map(() => fc.constantFrom(...moderationActions)))
  .map((actions) => ({
    categories: Object.fromEntries(ruledCategories.map((name, at) => [name, { output: actions[at]! }])),
  }));
