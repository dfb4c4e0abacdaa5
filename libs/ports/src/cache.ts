/**
 * May be lost whole at any time; never the only place of anything. Keys carry the tenant where content is per tenant.
 * A store that is away is an empty one: reading finds nothing, setting does nothing, and neither fails or waits long.
 * Forgetting rejects with `dependency_unavailable`: what should be gone could be read again later.
 */
export interface Cache {
  get(key: string): Promise<Uint8Array | undefined>;
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  set(entries: readonly CacheEntry[], ttlMs: number): Promise<void>;
  /**
   * Drops every entry that was set for this owner, whoever else owns it, and for a quarter of an hour what is set for it
   * still: it may have been made before. Returns how many there were.
   */
  forget(owner: string): Promise<number>;
  close(): Promise<void>;
}

export interface CacheEntry {
  readonly key: string;
  readonly value: Uint8Array;
  /** Whose content it is made of, documents' for instance: with any of them it has to go. */
  readonly owners?: readonly string[] | undefined;
}

/** How long an owner that was forgotten gets nothing kept: longer than any work under way takes. */
export const forgottenMs = 15 * 60_000;
