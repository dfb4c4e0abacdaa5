import { Inject, Injectable } from '@nestjs/common';
import { documentKey, documentVersionKey, type DocumentVersion } from '@millrace/contracts';
import { BLOB_STORE, CACHE, REGISTRY, type BlobStore, type Cache, type Registry } from '@millrace/ports';
import { documentPrefix, folderOf, folderTime } from './blob-keys.ts';

const pageSize = 1000;

export interface Erased {
  readonly blobs: number;
  /** Entries of the cache. */
  readonly cached: number;
  /** When the delete was accepted, epoch milliseconds. */
  readonly deletedAt: number;
}

/** Clears blobs that nothing needs any more, and what caches hold of them. Everything here may run twice and late. */
@Injectable()
export class BlobKeeper {
  constructor(
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(CACHE) private readonly cache: Cache,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  /**
   * Versions that a newer one has overtaken, and the answers that were made from them. Of the live one all stays: the next
   * may take over its text and vectors.
   */
  async tidy({ tenant, document }: DocumentVersion): Promise<void> {
    const kept = await this.registry.documents.versions(tenant, document);
    const overtaken = kept.filter(({ state, operation }) => state === 'deleted' && operation === 'upsert');
    for (const { source } of overtaken)
      if (source !== undefined) await this.blobs.deleteAll(folderOf(source));
    for (const { version } of overtaken)
      await this.cache.forget(documentVersionKey({ tenant, document, version }));
    if (overtaken.length > 0)
      await this.registry.documents.forget(
        tenant,
        document,
        overtaken.map(({ version }) => version),
      );
  }

  /**
   * Everything of this version and older ones, and what was being stored when the delete was accepted: the registry
   * refuses that from then on. Undefined when the delete is unknown.
   */
  async erase({ tenant, document, version }: DocumentVersion): Promise<Erased | undefined> {
    const kept = await this.registry.documents.versions(tenant, document);
    const deletedAt = kept.find((entry) => entry.version === version)?.acceptedAt;
    if (deletedAt === undefined) return undefined;
    const owner = new Map(
      kept.flatMap(({ source, version: own }) => (source === undefined ? [] : [[folderOf(source), own]])),
    );
    let blobs = 0;
    for (const folder of await this.folders(documentPrefix(tenant, document))) {
      const own = owner.get(folder);
      const goes = own === undefined ? folderTime(folder) < deletedAt : own < version;
      if (goes) blobs += await this.blobs.deleteAll(folder);
    }
    return { blobs, cached: await this.cache.forget(documentKey({ tenant, document })), deletedAt };
  }

  /** A stage finished its work on a version after that was erased or overtaken: what it wrote goes, too. */
  async dropIfGone({ tenant, document, version }: DocumentVersion, blob: string): Promise<void> {
    const kept = await this.registry.documents.versions(tenant, document);
    const own = kept.find((entry) => entry.version === version);
    const inUse = own && own.state !== 'deleted';
    const shared = kept.some(
      (entry) => entry.source !== undefined && entry !== own && folderOf(entry.source) === folderOf(blob),
    );
    if (inUse || shared) return;
    await this.blobs.deleteAll(folderOf(blob));
    await this.cache.forget(documentKey({ tenant, document }));
  }

  private async folders(prefix: string): Promise<Set<string>> {
    const folders = new Set<string>();
    for (let after: string | undefined; ;) {
      const keys = await this.blobs.list(prefix, after, pageSize);
      for (const key of keys) folders.add(folderOf(key));
      if (keys.length < pageSize) return folders;
      after = keys.at(-1);
    }
  }
}
