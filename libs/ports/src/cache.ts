/** May be lost whole at any time; never the only place of anything. Keys carry the tenant where content is per tenant. */
export interface Cache {
  get(key: string): Promise<Uint8Array | undefined>;
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  set(entries: readonly CacheEntry[], ttlMs: number): Promise<void>;
  delete(keys: readonly string[]): Promise<void>;
  /** Drops every key that begins with `prefix`. Returns how many. */
  deleteAll(prefix: string): Promise<number>;
  close(): Promise<void>;
}

export interface CacheEntry {
  readonly key: string;
  readonly value: Uint8Array;
}
