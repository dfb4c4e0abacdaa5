import type { ChatCompletionRequest } from '@millrace/contracts';

/** Who waits in an earlier one goes first. */
export const tiers = ['priority', 'default', 'flex'] as const;
export type Tier = (typeof tiers)[number];

/** The tier that a request has which asks for this one. `fast` is OpenAI's other word for `priority`. */
export function tierOf(asked: ChatCompletionRequest['service_tier'], mayHavePriority: boolean): Tier {
  if (asked === 'flex') return 'flex';
  return mayHavePriority && (asked === 'priority' || asked === 'fast') ? 'priority' : 'default';
}
