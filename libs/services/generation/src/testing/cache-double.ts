import type { Cache, CacheEntry } from '@millrace/ports';

/** Keeps everything until it is forgotten, and nothing after that for who was forgotten. */
export class CacheDouble implements Cache {
  readonly entries = new Map<string, CacheEntry>();
  private readonly forgotten = new Set<string>();
  /** Set: all it says. */
  failure: Error | undefined;
  lookups = 0;

  async get(key: string): Promise<Uint8Array | undefined> {
    this.lookups += 1;
    if (this.failure) throw this.failure;
    return this.entries.get(key)?.value;
  }

  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async set(entries: readonly CacheEntry[]): Promise<void> {
    if (this.failure) throw this.failure;
    for (const entry of entries)
      if (!entry.owners?.some((owner) => this.forgotten.has(owner))) this.entries.set(entry.key, entry);
  }

  async forget(owner: string): Promise<number> {
    const own = [...this.entries.values()].filter(({ owners }) => owners?.includes(owner));
    for (const { key } of own) this.entries.delete(key);
    this.forgotten.add(owner);
    return own.length;
  }

  async close(): Promise<void> {}

  /** All that is kept, as text. */
  get texts(): string {
    return [...this.entries.values()].map(({ value }) => new TextDecoder().decode(value)).join('\n');
  }
}
