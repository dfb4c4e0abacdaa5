import { defineSettings, whole } from '@millrace/platform';
import { z } from 'zod';

export const generationSettings = defineSettings('generation', {
  budgetMs: {
    schema: whole(1, 3_600_000).optional(),
    unit: 'ms',
    reason:
      'How long a whole answer may take where the request does not say (x-millrace-budget-ms): what back ends are chosen by. Unset: by their weights alone.',
  },
  answerTokens: {
    schema: whole(1, 10_000_000).default(1_024),
    unit: 'tokens',
    reason:
      'What an answer is expected to take whose request sets no max_completion_tokens: so much is reserved of the tenant’s quota until it is over.',
  },
  followUpMs: {
    schema: whole(0, 60_000).default(2_000),
    unit: 'ms',
    reason:
      'How long the language model may take to put in full, before passages are looked up, a question that leans on earlier ones (“And when was it built?”). When it is late, or 0 says not to ask it, words of the earlier questions are added.',
  },
  leastSupport: {
    schema: z.coerce.number().min(0).max(1).default(0.37),
    reason:
      'How far the best passage must take up a question, by words and meaning, to be answered from; below it the answer is that nothing was found, and no language model is asked. 0: whatever is found. See docs/grounding.md.',
  },
  maxAnswers: {
    schema: whole(1, 100_000).default(256),
    reason:
      'Answers under way at a time, and an eighth as many again, each of a tenant that has none under way. One more waits for its turn.',
  },
  maxAnswerChars: {
    schema: whole(100, 10_000_000).default(200_000),
    unit: 'characters',
    reason: 'The longest answer; a longer one is cut with finish_reason length.',
  },
  maxPromptChars: {
    schema: whole(100, 10_000_000).default(400_000),
    unit: 'characters',
    reason: 'What the user and his tools may say in one request, all messages together; more is refused.',
  },
  maxSeconds: {
    schema: whole(1, 86_400).default(300),
    unit: 's',
    reason: 'The longest an answer may take; then it ends with an error.',
  },
  maxWaiting: {
    schema: whole(0, 10_000).default(256),
    reason:
      'Chats that may wait for their turn, half of them of one tenant. One more is answered 429 where its tenant has its half, else 503, with Retry-After.',
  },
  passages: {
    schema: whole(1, 50).default(8),
    reason: 'Chunks looked up for a question when the request does not say top_k.',
  },
  priorityTenants: {
    schema: z
      .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
      .pipe(z.array(z.string().trim().min(1)))
      .default([]),
    reason:
      'Tenants, separated by commas, whose chats may have service_tier priority; those of others have default.',
  },
  queueSeconds: {
    schema: whole(1, 3_600).default(30),
    unit: 's',
    reason:
      'The longest that a chat waits for its turn; then it is answered 503 with Retry-After. After half of it service_tier flex counts as default.',
  },
  quotaFailure: {
    schema: z.enum(['closed', 'open']).default('closed'),
    reason:
      'What becomes of chats while quotas cannot be asked, Redis or control being away: closed answers them 503, open lets them pass uncounted.',
  },
  sourceChars: {
    schema: whole(500, 1_000_000).default(12_000),
    unit: 'characters',
    reason:
      'Text of sources given to the language model; the best come first, what does not fit is left out.',
  },
});
