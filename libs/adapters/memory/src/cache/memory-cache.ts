import { forgottenMs, type Cache, type CacheEntry, type Clock } from '@millrace/ports';

export interface MemoryCacheOptions {
  /** Bytes of keys, values and their bookkeeping, beyond which the least recently used go. Default 64 MiB. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
}

interface Held {
  readonly value: Uint8Array;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly owner: string | undefined;
}

const maxForgotten = 100_000;
/** What a map entry, its object and its buffer cost beside their contents, roughly. */
const entryOverheadBytes = 200;

/** A bounded cache in this process: least recently used out first, expired entries when they are met. */
export class MemoryCache implements Cache {
  /** Least recently used first. */
  private readonly entries = new Map<string, Held>();
  /** Owner -> keys. */
  private readonly owned = new Map<string, Set<string>>();
  /** Owner -> until when nothing is kept for it; the first to end first. */
  private readonly forgotten = new Map<string, number>();
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
    for (const { key, value, owner } of entries)
      if (!this.isForgotten(owner)) this.put(key, { value: new Uint8Array(value), expiresAt, owner });
  }

  async forget(owner: string): Promise<number> {
    const keys = [...(this.owned.get(owner) ?? [])];
    for (const key of keys) this.drop(key);
    this.forgotten.delete(owner);
    this.forgotten.set(owner, this.clock.now() + forgottenMs);
    if (this.forgotten.size > maxForgotten) this.forgotten.delete(this.forgotten.keys().next().value!);
    return keys.length;
  }

  async close(): Promise<void> {
    this.entries.clear();
    this.owned.clear();
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
    this.own(key, held.owner);
    this.bytes += bytes;
    this.evict();
  }

  /** Clears away whose time is over. */
  private isForgotten(owner: string | undefined): boolean {
    for (const [first, until] of this.forgotten) {
      if (until > this.clock.now()) break;
      this.forgotten.delete(first);
    }
    return owner !== undefined && this.forgotten.has(owner);
  }

  private own(key: string, owner: string | undefined): void {
    if (owner === undefined) return;
    const keys = this.owned.get(owner) ?? new Set();
    this.owned.set(owner, keys.add(key));
  }

  private disown(key: string, owner: string | undefined): void {
    if (owner === undefined) return;
    const keys = this.owned.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) this.owned.delete(owner);
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
    this.disown(key, held.owner);
    this.bytes -= sizeOf(key, held);
  }
}

const sizeOf = (key: string, { value, owner = '' }: Held): number =>
  2 * (key.length + owner.length) + value.byteLength + entryOverheadBytes;
