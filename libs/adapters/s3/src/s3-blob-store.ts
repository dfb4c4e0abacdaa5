import { randomUUID } from 'node:crypto';
import { MillraceError } from '@millrace/contracts';
import type { BlobStore } from '@millrace/ports';
import { checkFolder, checkKey, checkPrefix } from './blob-key.ts';
import { Bucket, type BucketOptions } from './bucket.ts';

export interface S3BlobStoreOptions extends BucketOptions {
  /** Before every key, ends in `/`, so that several may share a bucket. Default: none. */
  readonly prefix?: string;
  /** Largest blob, in bytes; it is sent in one piece. Default 1 GiB. */
  readonly maxBytes?: number;
}

const defaultPage = 1_000;
const healthMs = 1_500;
const probes = 4;

/** Blobs as objects of a bucket on any server that keeps to conditional writes. */
export class S3BlobStore implements BlobStore {
  readonly limits: BlobStore['limits'];

  private constructor(
    private readonly bucket: Bucket,
    private readonly prefix: string,
    maxBytes: number,
  ) {
    this.limits = { maxBytes };
  }

  /**
   * The bucket must be there. Rejects with `dependency_unavailable` when it is not, when the server is away, and when
   * the server does not honour conditional writes: `putIfAbsent` would then have many winners.
   */
  static async open(options: S3BlobStoreOptions): Promise<S3BlobStore> {
    const { prefix = '', maxBytes = 1024 ** 3 } = options;
    if (prefix !== '') checkFolder(prefix);
    const bucket = new Bucket(options);
    try {
      await checkConditions(bucket, `${prefix}conditional-write-check-${randomUUID()}`);
    } catch (error) {
      bucket.close();
      throw error;
    }
    return new S3BlobStore(bucket, prefix, maxBytes);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.check(key, bytes);
    await this.bucket.put(this.prefix + key, bytes);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    this.check(key, bytes);
    return this.bucket.putIfAbsent(this.prefix + key, bytes);
  }

  async get(key: string, maxBytes?: number): Promise<Uint8Array | undefined> {
    checkKey(key);
    return this.bucket.get(this.prefix + key, maxBytes);
  }

  /** S3 does not tell whether there was something: of two deletes at once, both may say so. */
  async delete(key: string): Promise<boolean> {
    checkKey(key);
    if (!(await this.bucket.has(this.prefix + key))) return false;
    await this.bucket.delete(this.prefix + key);
    return true;
  }

  async deleteAll(prefix: string): Promise<number> {
    checkFolder(prefix);
    let deleted = 0;
    for (let after: string | undefined; ;) {
      const keys = await this.bucket.list(this.prefix + prefix, after, defaultPage);
      if (keys.length === 0) return deleted;
      await this.bucket.deleteMany(keys);
      deleted += keys.length;
      after = keys.at(-1);
    }
  }

  async list(prefix: string, after?: string, limit = defaultPage): Promise<string[]> {
    checkPrefix(prefix);
    const from = after === undefined ? undefined : this.prefix + after;
    const keys = await this.bucket.list(this.prefix + prefix, from, limit);
    return keys.map((key) => key.slice(this.prefix.length));
  }

  async healthy(): Promise<boolean> {
    return this.bucket.probe(healthMs, `${this.prefix}write-check`).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    this.bucket.close();
  }

  private check(key: string, { byteLength }: Uint8Array): void {
    checkKey(key);
    const { maxBytes } = this.limits;
    if (byteLength > maxBytes)
      throw new MillraceError('body_too_large', { detail: `a blob has at most ${maxBytes} bytes` });
  }
}

/** Some servers take the header and ignore it. */
async function checkConditions(bucket: Bucket, key: string): Promise<void> {
  const puts = Array.from({ length: probes }, () => bucket.putIfAbsent(key, new Uint8Array(1)));
  try {
    const winners = (await Promise.all(puts)).filter(Boolean).length;
    if (winners === 1) return;
  } finally {
    await Promise.allSettled(puts);
    await bucket.delete(key).catch(() => undefined);
  }
  throw new MillraceError('dependency_unavailable', {
    detail:
      'the S3 server ignores conditional writes (If-None-Match: *); use one that honours them, such as Amazon S3, MinIO or versitygw',
  });
}
