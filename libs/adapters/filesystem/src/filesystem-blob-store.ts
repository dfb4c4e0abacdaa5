import { join, resolve } from 'node:path';
import { MillraceError } from '@millrace/contracts';
import { blobKeyPattern, type BlobStore } from '@millrace/ports';
import { DurableFiles } from './durable-files.ts';
import { readWhole } from './file-access.ts';
import { asMillraceError, hasCode } from './file-error.ts';
import { keysUnder } from './key-walk.ts';

export interface FilesystemBlobStoreOptions {
  /** Made when missing. All of it on one file system, which must know hard links. */
  readonly folder: string;
  /** Largest blob, in bytes. Default 1 GiB. */
  readonly maxBytes?: number;
}

const maxKeyLength = 512;
const defaultPage = 1_000;

/**
 * A file per blob, its path the key. A blob is written aside and moved into place, so that readers see all of it or
 * nothing. A key cannot also be a folder of other keys.
 */
export class FilesystemBlobStore implements BlobStore {
  readonly limits: BlobStore['limits'];

  private constructor(
    private readonly folder: string,
    private readonly files: DurableFiles,
    maxBytes: number,
  ) {
    this.limits = { maxBytes };
  }

  static async open(options: FilesystemBlobStoreOptions): Promise<FilesystemBlobStore> {
    const folder = resolve(options.folder);
    const files = await translated(() => DurableFiles.open(folder));
    return new FilesystemBlobStore(folder, files, options.maxBytes ?? 1024 ** 3);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.pathOf(key);
    this.checkSize(bytes);
    await translated(() => this.files.replace(path, bytes));
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    const path = this.pathOf(key);
    this.checkSize(bytes);
    return translated(() => this.files.create(path, bytes));
  }

  async get(key: string, maxBytes?: number): Promise<Uint8Array | undefined> {
    const path = this.pathOf(key);
    return translated(async () => {
      const found = await readWhole(path, (size) => refuseLarger(size, maxBytes)).catch(absent);
      if (!found) await this.files.assertThere();
      return found;
    });
  }

  async delete(key: string): Promise<boolean> {
    const path = this.pathOf(key);
    return (await translated(() => this.files.remove([path]))) > 0;
  }

  async deleteAll(prefix: string): Promise<number> {
    if (!prefix.endsWith('/')) throw badKey(prefix, 'a prefix to delete ends in /');
    checkKey(prefix.slice(0, -1));
    return translated(() => this.files.remove(this.pathsUnder(prefix)));
  }

  async list(prefix: string, after?: string, limit = defaultPage): Promise<string[]> {
    if (prefix !== '') checkKey(prefix.replace(/\/$/, ''));
    return translated(async () => {
      await this.files.assertThere();
      return firstOf(keysUnder(this.folder, prefix, after), limit);
    });
  }

  async healthy(): Promise<boolean> {
    return this.files.probe().then(
      () => true,
      () => false,
    );
  }

  private async *pathsUnder(prefix: string): AsyncGenerator<string> {
    for await (const key of keysUnder(this.folder, prefix)) yield this.pathOf(key);
  }

  private pathOf(key: string): string {
    checkKey(key);
    return join(this.folder, key);
  }

  private checkSize({ byteLength }: Uint8Array): void {
    const { maxBytes } = this.limits;
    if (byteLength > maxBytes)
      throw new MillraceError('body_too_large', { detail: `a blob has at most ${maxBytes} bytes` });
  }
}

function checkKey(key: string): void {
  if (key.length > maxKeyLength) throw badKey(key, `a key has at most ${maxKeyLength} characters`);
  if (!blobKeyPattern.test(key))
    throw badKey(key, 'a key is made of letters, digits and . _ - between slashes');
}

const badKey = (key: string, detail: string): MillraceError =>
  new MillraceError('invalid_request', {
    param: 'key',
    detail,
    cause: new Error(`key ${JSON.stringify(key)}`),
  });

function refuseLarger(size: number, maxBytes = Infinity): void {
  if (size > maxBytes) throw new MillraceError('blob_too_large', { detail: `${size} bytes` });
}

function absent(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw error;
}

async function translated<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw asMillraceError(error);
  }
}

async function firstOf<T>(items: AsyncIterable<T>, limit: number): Promise<T[]> {
  const first: T[] = [];
  if (limit > 0) for await (const item of items) if (first.push(item) === limit) break;
  return first;
}
