import { MillraceError } from '@millrace/contracts';
import type { BlobStore } from '@millrace/ports';

/** Blobs for tests that look at what is there afterwards. */
export class BlobsInMemory implements BlobStore {
  readonly limits = { maxBytes: 1_000_000 };
  private readonly stored = new Map<string, Uint8Array>();

  get keys(): string[] {
    return [...this.stored.keys()].sort();
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.stored.set(key, bytes);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    if (this.stored.has(key)) return false;
    this.stored.set(key, bytes);
    return true;
  }

  async get(key: string, maxBytes = Infinity): Promise<Uint8Array | undefined> {
    const found = this.stored.get(key);
    if (found && found.byteLength > maxBytes) throw new MillraceError('blob_too_large');
    return found;
  }

  async delete(key: string): Promise<boolean> {
    return this.stored.delete(key);
  }

  async deleteAll(prefix: string): Promise<number> {
    const found = await this.list(prefix);
    for (const key of found) this.stored.delete(key);
    return found.length;
  }

  async list(prefix: string, after = '', limit = 1000): Promise<string[]> {
    return this.keys.filter((key) => key.startsWith(prefix) && key > after).slice(0, limit);
  }

  async healthy(): Promise<boolean> {
    return true;
  }
}
