import { defineSettings, whole } from '@millrace/platform';
import { z } from 'zod';

export const generationSettings = defineSettings('generation', {
  answerCache: {
    schema: z.enum(['off', 'deterministic', 'always']).default('deterministic'),
    reason:
      'Which answers are kept and told again to who asks the same of the same passages: none; those to requests at temperature 0, and extracts; or all. docs/answer-cache.md tells which never are.',
  },
  answerCacheKb: {
    schema: whole(1, 16_384).default(256),
    unit: 'kB',
    reason: 'A larger answer, its citations included, is not kept.',
  },
  answerCacheMinutes: {
    schema: whole(1, 10_080).default(60),
    unit: 'min',
    reason: 'How long an answer is kept. It goes before when a document that it was made from changes.',
  },
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
  hedgePercent: {
    schema: whole(0, 100).default(0),
    unit: '%',
    reason:
      'Of all chats, so many at most are asked of a second back end as well when the first word takes longer than usual; who says something first answers, and the other one’s prompt is paid for. 0: none.',
  },
  historyTokens: {
    schema: whole(0, 10_000_000)
      .refine((tokens) => tokens === 0 || tokens >= 1_000, 'must be 0, or at least 1000')
      .default(32_000),
    unit: 'tokens',
    reason:
      'What of a conversation a language model is given before the last question, at four characters a token; of a longer one the beginning is summarised. 0: all of it.',
  },
  historySummaryMinutes: {
    schema: whole(0, 60).default(10),
    unit: 'min',
    reason:
      'How long the summary of a long conversation’s beginning stays in the memory of the process, for the next questions. 0: each question has it made again.',
  },
  historySummaryMs: {
    schema: whole(0, 600_000).default(10_000),
    unit: 'ms',
    reason:
      'How long the language model may take to summarise the beginning of a long conversation; half of the budget at most, where there is one. When it is late, or 0 says not to ask it, the beginning is left out.',
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
