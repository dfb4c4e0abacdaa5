import type { Principal } from '@millrace/contracts';

const rememberMs = 2_000;
const rememberAtMost = 10_000;

type Answer = Principal | null;

/**
 * Answers of control on who a key is, so that not every request asks: for two seconds, which is how long a revoked key may
 * go on at another process. In the process that revokes it, it ends at once.
 */
export class KnownKeys {
  private known = new Map<string, { readonly principal: Answer; readonly until: number }>();

  /** @param ask who the key is, where that is not known or no longer */
  async get(keyHash: string, ask: () => Promise<Answer>): Promise<Answer> {
    const { known } = this;
    // From before the question on: the answer is as old as that.
    const now = Date.now();
    const remembered = known.get(keyHash);
    if (remembered && remembered.until > now) return remembered.principal;
    const principal = await ask();
    if (known.size >= rememberAtMost) known.clear();
    // Where keys changed meanwhile, nobody looks here any more.
    known.set(keyHash, { principal, until: now + rememberMs });
    return principal;
  }

  /** After a key was revoked. */
  forgetAll(): void {
    this.known = new Map();
  }
}
