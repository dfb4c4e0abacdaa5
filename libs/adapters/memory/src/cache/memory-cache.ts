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
  readonly owners: readonly string[];
}

const maxForgotten = 100_000;
/** What a map entry, its object and its buffer cost beside their contents, roughly. */
const entryOverheadBytes = 200;
/** The same for its place in an owner's set. */
const ownerOverheadBytes = 100;

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
    for (const { key, value, owners = [] } of entries)
      if (!this.isForgotten(owners)) this.put(key, { value: new Uint8Array(value), expiresAt, owners });
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
    this.own(key, held.owners);
    this.bytes += bytes;
    this.evict();
  }

  /** Clears away whose time is over. */
  private isForgotten(owners: readonly string[]): boolean {
    for (const [first, until] of this.forgotten) {
      if (until > this.clock.now()) break;
      this.forgotten.delete(first);
    }
    return owners.some((owner) => this.forgotten.has(owner));
  }

  private own(key: string, owners: readonly string[]): void {
    for (const owner of owners) {
      const keys = this.owned.get(owner) ?? new Set();
      this.owned.set(owner, keys.add(key));
    }
  }

  private disown(key: string, owners: readonly string[]): void {
    for (const owner of owners) {
      const keys = this.owned.get(owner);
      keys?.delete(key);
      if (keys?.size === 0) this.owned.delete(owner);
    }
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
    this.disown(key, held.owners);
    this.bytes -= sizeOf(key, held);
  }
}

const sizeOf = (key: string, { value, owners }: Held): number =>
  owners.reduce((sum, owner) => sum + 2 * owner.length + ownerOverheadBytes, 0) +
  2 * key.length +
  value.byteLength +
  entryOverheadBytes;
