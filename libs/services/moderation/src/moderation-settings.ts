import { defineSettings, whole } from '@millrace/platform';
import { z } from 'zod';

export const moderationSettings = defineSettings('moderation', {
  classifierMs: {
    schema: whole(1, 1_500).default(100),
    unit: 'ms',
    reason:
      'How long the classifier may take over a text, its vector included; without a vector in time it judges by the text alone.',
  },
  classifierLate: {
    schema: z.enum(['fail_open', 'fail_closed']).default('fail_open'),
    reason:
      'What a text that the classifier did not judge in time comes to: what the rules say of it (fail_open), or an error (fail_closed), unless the policy of its tenant says it by on_failure. As long as the classifier only flags, a chat need not fail for it.',
  },
  classifierVectors: {
    schema: z.enum(['never', 'moderations', 'always']).default('moderations'),
    reason:
      'Where the classifier gets a vector of the text from the embedding model, which makes it surer and takes 5 to 20 ms more: nowhere, in /v1/moderations, or in chats as well.',
  },
});
