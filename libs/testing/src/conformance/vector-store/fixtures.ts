import type { DocumentVersion, Metadata } from '@millrace/contracts';
import type { SearchHit, StoredChunk, VectorQuery, VectorStore } from '@millrace/ports';
import { v5 } from 'uuid';
import { unique } from '../harness.ts';

/** Of every collection of the suite. */
export const dims = 16;

/** What a test says of a chunk; the rest is made up. */
export interface ChunkSketch {
  readonly vector?: Float32Array;
  readonly terms?: readonly string[];
  readonly metadata?: Metadata;
  readonly acl?: readonly string[];
  readonly title?: string;
  readonly text?: string;
}

const namespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';
export const chunkUuid = ({ tenant, document, version }: DocumentVersion, ordinal: number): string =>
  v5(`${tenant}/${document}@${version}#${ordinal}`, namespace);

export function chunkOf(version: DocumentVersion, ordinal: number, sketch: ChunkSketch = {}): StoredChunk {
  const text = sketch.text ?? `chunk ${ordinal} of ${version.document}@${version.version}`;
  return {
    id: chunkUuid(version, ordinal),
    ordinal,
    text,
    start: ordinal * 100,
    end: ordinal * 100 + text.length,
    tokens: 7,
    headings: ['Guide', `Part ${ordinal}`],
    vector: sketch.vector ?? randomUnit(),
    terms: sketch.terms ?? ['everywhere'],
    title: sketch.title,
    metadata: sketch.metadata ?? {},
    acl: sketch.acl ?? [],
  };
}

/** A pseudo-random sequence from 0 to 1 that is the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const fallback = seeded(42);

export function randomUnit(random = fallback, length = dims): Float32Array {
  const vector = Float32Array.from({ length }, () => random() + random() + random() - 1.5);
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

export const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);

export const ids = (hits: readonly { readonly id: string }[]): string[] => hits.map(({ id }) => id);
export const documents = (hits: readonly SearchHit[]): string[] => hits.map(({ document }) => document);

/** A store with one collection and one tenant that no other test uses. */
export class Bench {
  private constructor(
    readonly store: VectorStore,
    readonly collection: string,
    readonly tenant: string,
  ) {}

  static async on(store: VectorStore): Promise<Bench> {
    const bench = new Bench(store, unique('collection'), unique('tenant'));
    await store.ensureCollection({ name: bench.collection, dims });
    return bench;
  }

  /** The same data in a store that was opened again. */
  over(store: VectorStore): Bench {
    return new Bench(store, this.collection, this.tenant);
  }

  /** The same collection and another tenant: ids of chunks, which decide between equal scores, follow from its name. */
  as(tenant: string): Bench {
    return new Bench(this.store, this.collection, tenant);
  }

  of(document: string, version = 1, tenant = this.tenant): DocumentVersion {
    return { tenant, document, version };
  }

  stage(version: DocumentVersion, sketches: readonly ChunkSketch[]): Promise<void> {
    const chunks = sketches.map((sketch, ordinal) => chunkOf(version, ordinal, sketch));
    return this.store.stage(this.collection, version, chunks);
  }

  async put(version: DocumentVersion, ...sketches: ChunkSketch[]): Promise<void> {
    await this.stage(version, sketches);
    await this.store.publish(this.collection, version, sketches.length);
  }

  search(query: Partial<VectorQuery>): Promise<SearchHit[]> {
    return this.store.search(this.collection, {
      tenant: this.tenant,
      access: [],
      fusion: 'dbsf',
      limit: 10,
      ...query,
    });
  }

  /** Everything the tenant's search can find. */
  everything(query: Partial<VectorQuery> = {}): Promise<SearchHit[]> {
    return this.search({ terms: ['everywhere'], limit: this.store.limits.maxTopK, ...query });
  }
}
