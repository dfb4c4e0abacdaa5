import { MillraceError, type DocumentVersion } from '@millrace/contracts';
import type {
  AuditRow,
  CollectionSpec,
  Publication,
  SearchHit,
  StoredChunk,
  VectorQuery,
  VectorStore,
} from '@millrace/ports';
import { inSteps } from '../thread/in-steps.ts';
import { SqliteThread } from '../thread/sqlite-thread.ts';
import type { Content } from './hits.ts';
import type { StagedChunk } from './staged-table.ts';
import { TextSweep } from './text-sweep.ts';
import type { PlannedQuery } from './vector-reader.module.ts';

export interface VectorStoreOptions {
  /** The bundled `sqlite.worker.ts`. */
  readonly entry: URL;
  /** The database file; its folder is made when missing. */
  readonly file: string;
}

export const vectorStoreLimits = { maxBatch: 256, maxDims: 4096, maxTopK: 1000 };

const defaultCandidates = (limit: number): number => Math.max(limit * 4, 100);

/**
 * Vectors and text index in one SQLite file: sqlite-vec's functions for the vectors, FTS5 for the postings.
 * One thread writes and one searches, so a long ingest does not hold up a question.
 */
export class SqliteVectorStore implements VectorStore {
  readonly limits = vectorStoreLimits;

  private readonly sweep = new TextSweep((isFirst) => this.writer.call('sweep', isFirst));

  private constructor(
    private readonly writer: SqliteThread,
    private readonly reader: SqliteThread,
  ) {}

  static async open({ entry, file }: VectorStoreOptions): Promise<SqliteVectorStore> {
    const writer = await openThread(entry, { module: 'vector-writer', file });
    try {
      // One after the other: two that turn a new file to WAL at once refuse each other without waiting.
      const store = new SqliteVectorStore(writer, await openThread(entry, { module: 'vector-reader', file }));
      // What was cut short. Where it fails again, it waits for the next start or drop.
      void store.clearDropped().catch(() => undefined);
      return store;
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  async ensureCollection(collection: CollectionSpec): Promise<void> {
    this.demand(collection.dims <= this.limits.maxDims, `at most ${this.limits.maxDims} dimensions`);
    await this.writer.call('ensureCollection', collection);
  }

  /** Its words leave the text index's file soon after, as those of a removed document do. */
  async drop(collection: string): Promise<void> {
    await this.writer.call('drop', collection);
    await this.clearDropped();
  }

  async stage(collection: string, version: DocumentVersion, chunks: readonly StoredChunk[]): Promise<void> {
    this.demand(chunks.length <= this.limits.maxBatch, `at most ${this.limits.maxBatch} chunks at a time`);
    await this.writer.call('stage', collection, version, chunks.map(toStaged), pack(chunks));
  }

  publish(collection: string, version: DocumentVersion, chunks: number): Promise<Publication> {
    return this.writer.call('publish', collection, version, chunks);
  }

  async remove(collection: string, version: DocumentVersion): Promise<{ readonly removed: number }> {
    const removal = await this.writer.call<{ readonly removed: number }>('remove', collection, version);
    this.sweep.due();
    return removal;
  }

  async search(collection: string, query: VectorQuery): Promise<SearchHit[]> {
    this.demand(query.limit <= this.limits.maxTopK, `at most ${this.limits.maxTopK} results`);
    const candidates = query.candidates ?? defaultCandidates(query.limit);
    return this.reader.call('search', collection, { ...query, candidates } satisfies PlannedQuery);
  }

  range(
    collection: string,
    { tenant, document }: Pick<DocumentVersion, 'tenant' | 'document'>,
    from: number,
    to: number,
  ): Promise<SearchHit[]> {
    return this.reader.call('range', collection, { tenant, document }, from, to);
  }

  count(collection: string, tenant: string): Promise<number> {
    return this.reader.call('count', collection, tenant);
  }

  audit(collection: string, tenant: string, after = '', limit = 1000): Promise<AuditRow[]> {
    return this.reader.call('audit', collection, tenant, after, limit);
  }

  async healthy(): Promise<boolean> {
    return this.probe().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await this.sweep.close();
    await Promise.all([this.reader.close(), this.writer.close()]);
  }

  private async clearDropped(): Promise<void> {
    try {
      await inSteps(() => this.writer.call('clearDropped'));
    } finally {
      this.sweep.due();
    }
  }

  private async probe(): Promise<void> {
    await Promise.all([this.writer.call('probe'), this.reader.call('probe')]);
  }

  private demand(condition: boolean, limit: string): void {
    if (!condition) throw new MillraceError('internal', { detail: `the vector store takes ${limit}` });
  }
}

async function openThread(...given: ConstructorParameters<typeof SqliteThread>): Promise<SqliteThread> {
  const thread = new SqliteThread(...given);
  try {
    await thread.call('probe');
    return thread;
  } catch (error) {
    await thread.close();
    throw error;
  }
}

function toStaged({ vector: _, terms, metadata, acl, ...content }: StoredChunk): StagedChunk {
  return {
    uuid: content.id,
    ordinal: content.ordinal,
    content: JSON.stringify(content satisfies Content),
    terms: terms.join(' '),
    metadata: JSON.stringify(metadata),
    acl: JSON.stringify(acl),
  };
}

/** All vectors in one array: cheap to hand to the other thread. */
function pack(chunks: readonly StoredChunk[]): Float32Array {
  const vectors = new Float32Array(chunks.reduce((sum, { vector }) => sum + vector.length, 0));
  let offset = 0;
  for (const { vector } of chunks) {
    vectors.set(vector, offset);
    offset += vector.length;
  }
  return vectors;
}
