import { MillraceError, type DocumentVersion } from '@millrace/contracts';
import {
  sidesOf,
  type AuditRow,
  type CollectionSpec,
  type Publication,
  type SearchHit,
  type StoredChunk,
  type VectorQuery,
  type VectorStore,
} from '@millrace/ports';
import { Collections } from './collection/collections.ts';
import type { Collection } from './collection/collection.ts';
import { QdrantLink } from './connection/qdrant-link.ts';
import { admission } from './filter/admission.ts';
import { defaults, type QdrantOptions } from './qdrant-options.ts';
import { DenseRanking } from './ranking/dense-ranking.ts';
import { TermRanking } from './ranking/term-ranking.ts';
import { TermStatistics } from './ranking/term-statistics.ts';
import { DocumentReading } from './reading/document-reading.ts';
import { settle } from './reading/settle.ts';
import { VisibleSearch, type PlannedSearch } from './reading/visible-search.ts';
import type { DocumentName } from './versions/pointer.ts';
import { Pointers } from './versions/pointers.ts';
import { Sweeper } from './versions/sweeper.ts';
import { Versions } from './versions/versions.ts';

const defaultCandidates = (limit: number): number => Math.max(limit * 4, 100);

/**
 * Chunks as points of Qdrant, which any number of instances may write and search at once.
 * Opening needs no server: calls reject with `dependency_unavailable` while there is none.
 */
export class QdrantVectorStore implements VectorStore {
  readonly limits = { maxBatch: 256, maxDims: 4096, maxTopK: 1000 };

  private readonly link: QdrantLink;
  private readonly collections: Collections;
  private readonly statistics: TermStatistics;
  private readonly pointers = new Pointers();
  private readonly sweeper: Sweeper;
  private readonly versions: Versions;
  private readonly reading: DocumentReading;
  private readonly lingerMs: number;

  constructor(options: QdrantOptions) {
    const settings = { ...defaults, ...options };
    this.link = new QdrantLink(settings);
    this.collections = new Collections(this.link, settings.prefix, settings.replicas);
    this.statistics = new TermStatistics(settings.statisticsMs);
    this.lingerMs = settings.lingerMs;
    this.sweeper = new Sweeper(this.lingerMs);
    this.versions = new Versions(this.pointers, this.sweeper);
    this.reading = new DocumentReading(this.pointers);
  }

  async ensureCollection(collection: CollectionSpec): Promise<void> {
    this.demand(collection.dims <= this.limits.maxDims, `at most ${this.limits.maxDims} dimensions`);
    await this.collections.ensure(collection);
  }

  async drop(name: string): Promise<void> {
    this.statistics.forget(await this.collections.drop(name));
  }

  async stage(name: string, version: DocumentVersion, chunks: readonly StoredChunk[]): Promise<void> {
    this.demand(chunks.length <= this.limits.maxBatch, `at most ${this.limits.maxBatch} chunks at a time`);
    const vectors = chunks.map(({ vector }) => vector);
    const stage = (collection: Collection) => this.versions.stage(collection, version, chunks);
    await this.changing(name, version, stage, vectors);
  }

  publish(name: string, version: DocumentVersion, chunks: number): Promise<Publication> {
    return this.changing(name, version, (collection) => this.versions.publish(collection, version, chunks));
  }

  remove(name: string, version: DocumentVersion): Promise<{ readonly removed: number }> {
    return this.changing(name, version, (collection) => this.versions.remove(collection, version));
  }

  async search(name: string, query: VectorQuery): Promise<SearchHit[]> {
    this.demand(query.limit <= this.limits.maxTopK, `at most ${this.limits.maxTopK} results`);
    const collection = await this.collections.get(name, query.vector && [query.vector]);
    const rankings = await this.rankings(collection, query);
    if (Object.keys(rankings).length === 0) return [];
    const asked = sidesOf(query);
    const isChosen = asked.length > 1 || query.mmr !== undefined;
    const candidates = isChosen ? (query.candidates ?? defaultCandidates(query.limit)) : query.limit;
    const plan = { ...query, must: admission(query), asked, rankings, candidates, promptMs: this.lingerMs };
    const search = new VisibleSearch(collection, this.pointers, plan, (pointer) =>
      this.sweeper.offer(collection, pointer),
    );
    return settle(() => search.look());
  }

  async range(name: string, document: DocumentName, from: number, to: number): Promise<SearchHit[]> {
    return this.reading.range(await this.collections.get(name), document, from, to);
  }

  async count(name: string, tenant: string): Promise<number> {
    return this.reading.count(await this.collections.get(name), tenant);
  }

  async audit(name: string, tenant: string, after = '', limit = 1000): Promise<AuditRow[]> {
    return this.reading.audit(await this.collections.get(name), tenant, after, limit);
  }

  healthy(): Promise<boolean> {
    return this.link.healthy();
  }

  async close(): Promise<void> {
    this.link.close();
  }

  private async rankings(
    collection: Collection,
    { tenant, vector, terms }: VectorQuery,
  ): Promise<PlannedSearch['rankings']> {
    const sparse = terms && (await TermRanking.of(this.statistics, collection, tenant, terms));
    return { ...(vector && { dense: new DenseRanking(vector) }), ...(sparse && { sparse }) };
  }

  /** The tenant's statistics are counted anew after it. */
  private async changing<T>(
    name: string,
    { tenant }: DocumentVersion,
    change: (collection: Collection) => Promise<T>,
    vectors?: readonly Float32Array[],
  ): Promise<T> {
    const collection = await this.collections.get(name, vectors);
    try {
      return await change(collection);
    } finally {
      this.statistics.forget(collection.name, tenant);
    }
  }

  private demand(condition: boolean, limit: string): void {
    if (!condition) throw new MillraceError('internal', { detail: `the vector store takes ${limit}` });
  }
}
