import { z } from 'zod';

const share = z.object({ count: z.int().nonnegative(), supported: z.int().nonnegative() });

/**
 * How far the passages that an answer was made from bear out what it says, by the words, numbers and names that are in both:
 * no model judges it. Left out where there were no passages, or nothing is stated. No content.
 */
export const groundedness = z.object({
  /** 0 to 1. */
  score: z.number().min(0).max(1),
  /** Those that state something. */
  sentences: share,
  /** Written in digits. */
  numbers: share,
  /** What is written with a capital. */
  names: share,
  /** `removed`: numbers in markers that named no source and were taken out of the text. */
  citations: share.extend({ removed: z.int().nonnegative() }),
});
export type Groundedness = z.infer<typeof groundedness>;

/** Why nothing was answered: what was found says too little about the question, or nothing was found. */
export const unanswered = z.enum(['weak_retrieval']);
export type Unanswered = z.infer<typeof unanswered>;
