import { Inject, Injectable } from '@nestjs/common';
import { parsedDocument, type DocumentVersion } from '@millrace/contracts';
import {
  BLOB_STORE,
  VECTOR_STORE,
  type BlobStore,
  type CollectionSpec,
  type Publication,
  type StoredChunk,
  type VectorStore,
} from '@millrace/ports';
import { analyseTerms } from '@millrace/text';
import { indexedText } from './indexed-text.ts';
import { splitVectors } from './split-vectors.ts';

/** Blob keys, and how the vectors lie. */
export interface Embedded {
  readonly parsed: string;
  readonly vectors: string;
  readonly dims: number;
}

/** Writes version n+1 of a document beside n, switches over in one step, and lets n go. */
@Injectable()
export class VersionWriter {
  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  /** Undefined where its text or its vectors are gone: it was erased, or overtaken. */
  async load({ parsed, vectors, dims }: Embedded): Promise<StoredChunk[] | undefined> {
    const [document, bytes] = await Promise.all([this.blobs.get(parsed), this.blobs.get(vectors)]);
    if (!document || !bytes) return undefined;
    const { chunks, title, metadata, acl } = parsedDocument.parse(
      JSON.parse(new TextDecoder().decode(document)),
    );
    const split = splitVectors(bytes, dims, chunks.length);
    return chunks.map((chunk, ordinal) => ({
      ...chunk,
      title,
      metadata,
      acl,
      vector: split[ordinal]!,
      terms: analyseTerms(indexedText(title, chunk)),
    }));
  }

  ensure(collection: CollectionSpec): Promise<void> {
    return this.store.ensureCollection(collection);
  }

  /** Into a collection that is there. */
  async write(
    collection: string,
    version: DocumentVersion,
    chunks: readonly StoredChunk[],
    signal: AbortSignal,
  ): Promise<Publication> {
    const { tenant, document, version: number } = version;
    const which = { tenant, document, version: number };
    const { maxBatch } = this.store.limits;
    for (let from = 0; from < chunks.length; from += maxBatch) {
      signal.throwIfAborted();
      await this.store.stage(collection, which, chunks.slice(from, from + maxBatch));
    }
    return this.store.publish(collection, which, chunks.length);
  }
}
