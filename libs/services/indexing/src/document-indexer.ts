import { Inject, Injectable } from '@nestjs/common';
import {
  collectionOf,
  events,
  jobs,
  MillraceError,
  parsedDocument,
  type DocumentVersion,
  type JobData,
} from '@millrace/contracts';
import {
  BLOB_STORE,
  VECTOR_STORE,
  type BlobStore,
  type CollectionSpec,
  type StoredChunk,
  type VectorStore,
} from '@millrace/ports';
import { EventPublisher, HandleJob, type JobContext } from '@millrace/platform';
import { analyseTerms } from '@millrace/text';
import { indexedText } from './indexed-text.ts';
import { splitVectors } from './split-vectors.ts';

type Embedded = JobData<typeof jobs.indexDocument>;

/** Writes version n+1 beside n, switches over in one step, and lets n go. */
@Injectable()
export class DocumentIndexer {
  private readonly known = new Set<string>();

  constructor(
    @Inject(VECTOR_STORE) private readonly store: VectorStore,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(EventPublisher) private readonly events: EventPublisher,
  ) {}

  @HandleJob(jobs.indexDocument)
  async index(embedded: Embedded, { signal }: JobContext): Promise<void> {
    const { tenant, document, version, chunks, dims, model, acceptedAt } = embedded;
    const which: DocumentVersion = { tenant, document, version };
    const collection = collectionOf(model);
    await this.ensure({ name: collection, dims });
    await this.stage(collection, which, await this.load(embedded), signal);
    const { outcome } = await this.store.publish(collection, which, chunks);
    await this.events.publish(events.documentIndexed, { ...which, outcome, chunks, collection, acceptedAt });
  }

  private async load({ parsed, vectors, dims }: Embedded): Promise<StoredChunk[]> {
    const [document, bytes] = await Promise.all([this.blob(parsed), this.blob(vectors)]);
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

  private async blob(key: string): Promise<Uint8Array> {
    const bytes = await this.blobs.get(key);
    if (!bytes) throw new MillraceError('version_gone');
    return bytes;
  }

  private async stage(
    collection: string,
    version: DocumentVersion,
    chunks: readonly StoredChunk[],
    signal: AbortSignal,
  ): Promise<void> {
    const { maxBatch } = this.store.limits;
    for (let from = 0; from < chunks.length; from += maxBatch) {
      signal.throwIfAborted();
      await this.store.stage(collection, version, chunks.slice(from, from + maxBatch));
    }
  }

  private async ensure(collection: CollectionSpec): Promise<void> {
    if (this.known.has(collection.name)) return;
    await this.store.ensureCollection(collection);
    this.known.add(collection.name);
  }
}
