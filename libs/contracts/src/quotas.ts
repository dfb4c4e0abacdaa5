import { z } from 'zod';

const count = z.int().min(0).max(1_000_000_000_000);
/** Counted in millionths. */
const money = z
  .number()
  .min(0)
  .max(1_000_000_000)
  .refine((amount) => Number.isInteger(toMillionths(amount)), 'must have at most 6 decimals');

/** To whole numbers, in which sums are exact; what has more than 6 decimals stays without being whole. */
export function toMillionths(amount: number): number {
  const millionths = amount * 1e6;
  const whole = Math.round(millionths);
  // 0.29 * 1e6 and the like are not quite whole.
  return Math.abs(millionths - whole) <= 2 * Number.EPSILON * whole ? whole : millionths;
}

/**
 * What a tenant may use, of chat completions: each minute and each day in UTC. What is absent is not limited; 0 lets
 * nothing through.
 */
export const quota = z.strictObject({
  requests_per_minute: count.optional(),
  requests_per_day: count.optional(),
  /** Of prompts, with what is found for them, and of answers. */
  tokens_per_minute: count.optional(),
  tokens_per_day: count.optional(),
  /** In the currency of `MILLRACE_LLM_PROMPT_PRICE` and `_COMPLETION_PRICE`, and of the prices in `MILLRACE_LLM_BACK_ENDS`. */
  spend_per_minute: money.optional(),
  spend_per_day: money.optional(),
});
export type Quota = z.infer<typeof quota>;
