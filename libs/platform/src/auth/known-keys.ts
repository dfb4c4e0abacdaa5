import type { Principal } from '@millrace/contracts';

const rememberMs = 2_000;
const rememberAtMost = 10_000;

/**
 * Answers of control on who a key is, so that not every request asks: for two seconds, which is how long a revoked key may
 * go on at another process. In the process that revokes it, it ends at once.
 */
export class KnownKeys {
  private readonly known = new Map<string, { principal: Principal | null; until: number }>();

  /** Undefined: not known, or no longer. */
  get(keyHash: string): Principal | null | undefined {
    const remembered = this.known.get(keyHash);
    return remembered && remembered.until > Date.now() ? remembered.principal : undefined;
  }

  set(keyHash: string, principal: Principal | null): void {
    if (this.known.size >= rememberAtMost) this.known.clear();
    this.known.set(keyHash, { principal, until: Date.now() + rememberMs });
  }

  /** After a key was made or revoked. */
  forgetAll(): void {
    this.known.clear();
  }
}
