import { describe, expect, it } from 'vitest';
import { complaint } from './complaint.ts';
import { effectivePolicy, moderationPolicy } from './moderation-policy.ts';

const refusal = (policy: unknown): string | undefined => {
  const { error } = moderationPolicy.safeParse(policy);
  return error && complaint(error).detail;
};

describe('a moderation policy', () => {
  it('says what differs from the default, by category and direction', () => {
    const policy = moderationPolicy.parse({
      categories: {
        'pii/email': { output: 'redact' },
        'prompt-injection': { document: 'block' },
        hate: { input: 'block', classifier: { input: 'block', threshold: 0.9 } },
      },
      on_failure: 'fail_closed',
    });
    expect(effectivePolicy(policy, 'pii/email')).toEqual({
      ...{ input: 'flag', output: 'redact', document: 'allow' },
    });
    expect(effectivePolicy(policy, 'hate')).toEqual({
      ...{ input: 'block', output: 'flag', document: 'allow' },
      classifier: { input: 'block', output: 'flag', threshold: 0.9 },
    });
    expect(effectivePolicy(policy, 'prompt-injection')).toEqual({
      ...{ input: 'flag', output: 'allow', document: 'block' },
    });
  });

  it.each([
    [{ hate: { input: 'delete' } }, 'must be one of allow, flag, redact, block'],
    [{ hate: { classifier: { input: 'redact' } } }, 'must be allow, flag or block'],
    [{ hate: { classifier: { output: 'block' } } }, 'must be allow or flag'],
    [{ hate: { classifier: { threshold: 2 } } }, 'categories.hate.classifier.threshold'],
    [{ 'pii/email': { classifier: { input: 'block' } } }, 'set input and output, by the rules'],
    [{ illicit: { input: 'block' } }, 'nothing looks for it yet'],
    [{ weather: { input: 'block' } }, 'Unrecognized key: "weather"'],
  ])('is refused where it asks for what cannot be done: %j', (categories, reason) => {
    expect(refusal({ categories })).toContain(reason);
  });
});
