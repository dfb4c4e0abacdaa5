import { Inject, Injectable } from '@nestjs/common';
import { events, jobs, MillraceError, type JobData } from '@millrace/contracts';
import { BLOB_STORE, type BlobStore, type EmbeddingModel } from '@millrace/ports';
import { DriftMonitor, EventPublisher, HandleJob, type JobContext } from '@millrace/platform';
import { PassageEmbedder } from './passage-embedder.ts';
import { ServingModel } from './serving-model.ts';
import { readParsed, vectorsKey } from './vector-blobs.ts';
import { toBytes } from './vector-bytes.ts';

type Chunked = JobData<typeof jobs.embedChunks>;

/** Makes the vectors of a version's chunks by the model that serves and leaves them as one blob. */
@Injectable()
export class ChunkEmbedder {
  constructor(
    @Inject(PassageEmbedder) private readonly embedder: PassageEmbedder,
    @Inject(ServingModel) private readonly serving: ServingModel,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(DriftMonitor) private readonly drift: DriftMonitor,
  ) {}

  @HandleJob(jobs.embedChunks)
  async embed(chunked: Chunked, { signal }: JobContext): Promise<void> {
    const { name } = (await this.serving.get()).model;
    const document = await readParsed(this.blobs, chunked.parsed);
    if (!document) throw new MillraceError('version_gone');
    const { model, rows } = await this.embedder.embed(document, chunked, { model: name, signal });
    this.watch(model, rows);
    await this.embedded(chunked, model, toBytes(rows));
  }

  /** Vectors of another model, or that are gone, are made anew. */
  @HandleJob(jobs.carryVectors)
  async carry(chunked: Chunked, context: JobContext): Promise<void> {
    const { earlier } = chunked;
    const { model } = await this.serving.get();
    const kept =
      earlier === undefined ? undefined : await this.blobs.get(vectorsKey(earlier, model.fingerprint));
    return kept ? this.embedded(chunked, model, kept) : this.embed(chunked, context);
  }

  /** One chunk, by lot: those of one document are alike, and no samples that could have come in any order. */
  private watch({ fingerprint }: EmbeddingModel, rows: readonly Float32Array[]): void {
    const one = rows[Math.floor(Math.random() * rows.length)];
    if (one) this.drift.noteVector('document', fingerprint, one);
  }

  private async embedded(
    { tenant, document, version, parsed, chunks, acceptedAt }: Chunked,
    made: EmbeddingModel,
    bytes: Uint8Array,
  ): Promise<void> {
    const { fingerprint: model, name, dims } = made;
    const vectors = vectorsKey(parsed, model);
    await this.blobs.put(vectors, bytes);
    const collection = await this.serving.collectionOf(made);
    await this.events.publish(events.documentEmbedded, {
      ...{ tenant, document, version, parsed, vectors, chunks, dims, model, name, collection, acceptedAt },
    });
  }
}
