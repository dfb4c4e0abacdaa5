import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  events,
  jobs,
  MillraceError,
  parsedDocument,
  type Chunk,
  type JobData,
  type ParsedDocument,
} from '@millrace/contracts';
import { BLOB_STORE, type BlobStore } from '@millrace/ports';
import { EventPublisher, HandleJob, type JobContext, type SettingsOf } from '@millrace/platform';
import { embeddingText } from '@millrace/text';
import { CachedEmbedder } from './cached-embedder.ts';
import { embeddingSettings } from './embedding-settings.ts';
import { toBytes } from './vector-bytes.ts';

type Chunked = JobData<typeof jobs.embedChunks>;

/** Makes the vectors of a version's chunks in the bulk lane and leaves them as one blob. */
@Injectable()
export class ChunkEmbedder {
  constructor(
    @Inject(CachedEmbedder) private readonly embedder: CachedEmbedder,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    @Inject(EventPublisher) private readonly events: EventPublisher,
    @Inject(embeddingSettings.token) private readonly settings: SettingsOf<typeof embeddingSettings>,
  ) {}

  @HandleJob(jobs.embedChunks)
  async embed(chunked: Chunked, { signal }: JobContext): Promise<void> {
    const { title, chunks } = await this.load(chunked.parsed);
    const rows: Float32Array[] = [];
    for (let from = 0; from < chunks.length; from += this.settings.batchChunks) {
      const texts = chunks
        .slice(from, from + this.settings.batchChunks)
        .map((chunk) => passageText(title, chunk));
      rows.push(...(await this.embedPatiently(texts, chunked, signal)));
    }
    await this.embedded(chunked, toBytes(rows));
  }

  /** Vectors of another model, or that are gone, are made anew. */
  @HandleJob(jobs.carryVectors)
  async carry(chunked: Chunked, context: JobContext): Promise<void> {
    const { earlier } = chunked;
    const { fingerprint } = this.embedder.model;
    const kept = earlier === undefined ? undefined : await this.blobs.get(vectorsKey(earlier, fingerprint));
    return kept ? this.embedded(chunked, kept) : this.embed(chunked, context);
  }

  private async embedded(
    { tenant, document, version, parsed, chunks, acceptedAt }: Chunked,
    bytes: Uint8Array,
  ): Promise<void> {
    const { fingerprint: model, dims } = this.embedder.model;
    const vectors = vectorsKey(parsed, model);
    await this.blobs.put(vectors, bytes);
    const embedded = { tenant, document, version, parsed, vectors, chunks, dims, model, acceptedAt };
    await this.events.publish(events.documentEmbedded, embedded);
  }

  private async load(key: string): Promise<ParsedDocument> {
    const bytes = await this.blobs.get(key);
    if (!bytes) throw new MillraceError('version_gone');
    return parsedDocument.parse(JSON.parse(new TextDecoder().decode(bytes)));
  }

  /** A full model queue holds this job up, so that what is already embedded is not thrown away. */
  private async embedPatiently(
    texts: readonly string[],
    { tenant, document }: Chunked,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    for (;;)
      try {
        const options = { kind: 'passage', lane: 'bulk', group: tenant, truncate: true, signal } as const;
        const documents = texts.map(() => document);
        return (await this.embedder.embed(texts, options, { tenant, documents })).vectors;
      } catch (error) {
        if (!(error instanceof MillraceError) || error.code !== 'queue_full') throw error;
        await pause((error.retryAfter ?? 1) * 1000, undefined, { signal });
      }
  }
}

/** The title stands before a chunk that does not begin with it, so that a short chunk knows what it is about. */
export function passageText(title: string | undefined, chunk: Pick<Chunk, 'headings' | 'text'>): string {
  const text = embeddingText(chunk);
  return title === undefined || text.startsWith(title) ? text : `${title}\n${text}`;
}

/** Beside the parsed text of the version. */
const vectorsKey = (parsed: string, model: string): string =>
  parsed.replace(/[^/]+$/, `vectors-${model.slice(0, 16)}.f32`);
