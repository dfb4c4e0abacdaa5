import { z } from 'zod';
import { tenantName } from './documents.ts';
import { events } from './events.ts';

/** A day of UTC, as 2026-03-01. */
const day = z.iso.date();

export const usageQuery = z
  .object({
    tenant: tenantName.optional(),
    /** The first day. Default: 30 days before today. */
    since: day.optional(),
    /** The last day. Default: today. */
    until: day.optional(),
  })
  .refine(({ since, until }) => since === undefined || until === undefined || since <= until, {
    path: ['since'],
    error: 'must not be after until',
  });

/** What answers of a day used that are alike in all that is said here. */
export const usageRow = z.object({
  day,
  tenant: tenantName,
  /** Empty where no model had said a word. */
  model: z.string(),
  backend: z.string(),
  outcome: events.answerCompleted.schema.shape.outcome,
  answers: z.int(),
  /** Of these, those whose tokens no back end counted: Millrace estimated them. */
  estimated: z.int(),
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  /** By the prices of the back ends, in the operator's currency. */
  cost: z.number(),
});

export const usageReport = z.object({
  since: day,
  until: day,
  data: z.array(usageRow),
  /** There are more rows than an answer has: ask for fewer days, or for one tenant. */
  has_more: z.boolean(),
});
