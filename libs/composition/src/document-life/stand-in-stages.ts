import { Inject, Injectable, Module } from '@nestjs/common';
import {
  documentKey,
  events,
  jobs,
  MillraceError,
  type DocumentVersion,
  type JobData,
  type JobSpec,
} from '@millrace/contracts';
import { EventPublisher, HandleJob } from '@millrace/platform';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';

const model = 'model';

/**
 * Embedding and indexing as the registry sees them, without a model: they publish what the real stages would. A test
 * can have a job done without a word, as if what it published had got lost.
 */
@Injectable()
export class StandInStages {
  private readonly lost = new Set<string>();
  private readonly failing = new Set<string>();
  /** By model and document: the newest version in its index. */
  private readonly indexes = new Map<string, number>();

  constructor(
    @Inject(EventPublisher) readonly publisher: EventPublisher,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  /** What comes of the next job of this kind for the document gets lost. */
  lose(spec: JobSpec, document: string): void {
    this.lost.add(`${spec.name} ${document}`);
  }

  /** The next job of this kind for the document fails for good. */
  fail(spec: JobSpec, document: string): void {
    this.failing.add(`${spec.name} ${document}`);
  }

  put(model: string, version: DocumentVersion): void {
    const held = Math.max(version.version, this.versionIn(model, version));
    this.indexes.set(`${model} ${documentKey(version)}`, held);
  }

  /** 0: none. */
  versionIn(model: string, document: Pick<DocumentVersion, 'tenant' | 'document'>): number {
    return this.indexes.get(`${model} ${documentKey(document)}`) ?? 0;
  }

  @HandleJob(jobs.embedChunks)
  async embed(chunked: JobData<typeof jobs.embedChunks>): Promise<void> {
    if (this.isLost(jobs.embedChunks, chunked.document)) return;
    const { tokens: _tokens, ...version } = chunked;
    const vectors = chunked.parsed.replace('parsed.json', 'vectors-model.f32');
    await this.blobs.put(vectors, new Uint8Array(4 * chunked.chunks));
    const embedded = { ...version, vectors, dims: 1, model, name: model };
    await this.publisher.publish(events.documentEmbedded, embedded);
  }

  @HandleJob(jobs.carryVectors)
  carry(chunked: JobData<typeof jobs.carryVectors>): Promise<void> {
    return this.embed(chunked);
  }

  @HandleJob(jobs.indexDocument)
  async index(embedded: JobData<typeof jobs.indexDocument>): Promise<void> {
    if (this.isLost(jobs.indexDocument, embedded.document)) return;
    const { tenant, document, version, chunks, acceptedAt, name = model } = embedded;
    const indexed = { tenant, document, version, chunks, acceptedAt, collection: 'documents-model', name };
    this.put(name, embedded);
    await this.publisher.publish(events.documentIndexed, { ...indexed, outcome: 'published' });
  }

  @HandleJob(jobs.removeDocument)
  async remove(withdrawn: JobData<typeof jobs.removeDocument>): Promise<void> {
    if (this.isLost(jobs.removeDocument, withdrawn.document)) return;
    const { tenant, document, version } = withdrawn;
    const deleted = { tenant, document, version, chunks: 1, collection: 'documents-model' };
    await this.publisher.publish(events.documentDeleted, deleted);
  }

  private isLost(spec: JobSpec, document: string): boolean {
    if (this.failing.delete(`${spec.name} ${document}`)) throw new MillraceError('no_text');
    return this.lost.delete(`${spec.name} ${document}`);
  }
}

@Module({ providers: [StandInStages], exports: [StandInStages] })
export class StandInModule {}
