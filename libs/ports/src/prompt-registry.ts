import type { StatedPrompt } from '@millrace/contracts';
import type { NewAuditEntry } from './audit-registry.ts';

export interface StoredPrompt extends StatedPrompt {
  /** When it was set last, epoch milliseconds. */
  readonly at: number;
}

/** What a language model is told of each tenant’s questions, versioned. */
export interface PromptRegistry {
  /** The one that was set last; undefined while none ever was. */
  current(tenant: string): Promise<StoredPrompt | undefined>;
  /** Each version once, the one that was set last first; the last 50. */
  versions(tenant: string): Promise<StoredPrompt[]>;
  /** The one that counts from now on; it may be one that counted before. */
  set(tenant: string, prompt: StoredPrompt, audit: NewAuditEntry): Promise<void>;
}
