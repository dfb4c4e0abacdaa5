import type { Cache, CacheEntry, Clock } from '@millrace/ports';

export interface MemoryCacheOptions {
  /** Bytes of keys, values and their bookkeeping, beyond which the least recently used go. Default 64 MiB. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

interface Held {
  readonly value: Uint8Array;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What a map entry, its object and its buffer cost beside their contents, roughly. */
const entryOverheadBytes = 200;

/** A bounded cache in this process: least recently used out first, expired entries when they are met. */
export class MemoryCache implements Cache {
  /** Least recently used first. */
  private readonly entries = new Map<string, Held>();
  private readonly maxBytes: number;
  private readonly clock: Clock;
  private bytes = 0;

  constructor({ maxBytes = 64 * 1024 * 1024, clock = { now: () => Date.now() } }: MemoryCacheOptions = {}) {
    this.maxBytes = maxBytes;
    this.clock = clock;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.take(key);
  }

  async getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return keys.map((key) => this.take(key));
  }

  async set(entries: readonly CacheEntry[], ttlMs: number): Promise<void> {
    const expiresAt = this.clock.now() + ttlMs;
    for (const { key, value } of entries) this.put(key, { value: new Uint8Array(value), expiresAt });
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.drop(key);
  }

  async deleteAll(prefix: string): Promise<number> {
    const keys = [...this.entries.keys()].filter((key) => key.startsWith(prefix));
    for (const key of keys) this.drop(key);
    return keys.length;
  }

  async close(): Promise<void> {
    this.entries.clear();
    this.bytes = 0;
  }

  /** A copy: callers may do with it what they like. */
  private take(key: string): Uint8Array | undefined {
    const held = this.entries.get(key);
    if (!held) return undefined;
    if (held.expiresAt <= this.clock.now()) return this.drop(key);
    this.entries.delete(key);
    this.entries.set(key, held);
    return new Uint8Array(held.value);
  }

  private put(key: string, held: Held): void {
    this.drop(key);
    const bytes = sizeOf(key, held);
    if (bytes > this.maxBytes) return;
    this.entries.set(key, held);
    this.bytes += bytes;
    this.evict();
  }

  private evict(): void {
    for (const key of this.entries.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.drop(key);
    }
  }

  private drop(key: string): undefined {
    const held = this.entries.get(key);
    if (!held) return;
    this.entries.delete(key);
    this.bytes -= sizeOf(key, held);
  }
}

const sizeOf = (key: string, { value }: Held): number =>
  2 * key.length + value.byteLength + entryOverheadBytes;
