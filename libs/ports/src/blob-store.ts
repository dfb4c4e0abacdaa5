/**
 * Bytes by key. Promises: `put` resolves when the bytes are durable; a reader sees an object whole or not at all;
 * `putIfAbsent` has exactly one winner.
 * Left out: listing across tenants, versions, partial writes.
 */
export interface BlobStore {
  readonly limits: { readonly maxBytes: number };
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** False when the key is taken; what is there stays. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Undefined when there is none. Rejects with `blob_too_large`, without reading it, when it is larger than `maxBytes`. */
  get(key: string, maxBytes?: number): Promise<Uint8Array | undefined>;
  /** True when there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** Deletes every key that begins with `prefix`, which ends in `/`. Returns how many. */
  deleteAll(prefix: string): Promise<number>;
  /** Keys under a prefix, in order, `after` exclusive. */
  list(prefix: string, after?: string, limit?: number): Promise<string[]>;
  healthy(): Promise<boolean>;
}

/**
 * Keys are `/`-separated parts of this alphabet; never `.` or `..`. At most 512 characters. A key must not also be a
 * folder of other keys (`a` and `a/b`): some stores cannot keep both.
 */
export const blobKeyPattern = /^(?!\.)(?!.*\/\.)[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
