import type { Lane } from '@millrace/ports';

/** Where the calls of one method wait, and who serves them. */
export interface CallKeys {
  /** Lists of waiting calls. */
  readonly lanes: Readonly<Record<Lane, string>>;
  /** Hash of the processes that serve the method, each with its expiry and its room. */
  readonly servers: string;
  /** Channel on which callers name the calls they gave up. */
  readonly cancelled: string;
}

export const callKeys = (prefix: string, method: string): CallKeys => ({
  lanes: {
    interactive: `${prefix}:calls:${method}:interactive`,
    bulk: `${prefix}:calls:${method}:bulk`,
  },
  servers: `${prefix}:calls:${method}:servers`,
  cancelled: `${prefix}:calls:${method}:cancelled`,
});

export const replyChannel = (prefix: string, caller: string): string => `${prefix}:replies:${caller}`;
