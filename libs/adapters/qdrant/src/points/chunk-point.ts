import type { Chunk, DocumentVersion, Metadata } from '@millrace/contracts';
import { Bm25, type SearchHit, type StoredChunk } from '@millrace/ports';
import type { Schemas } from '@qdrant/js-client-rest';
import { factsOf } from './facts.ts';
import { termId } from './term-id.ts';

/** The named vectors of a collection. */
export const vectorNames = { dense: 'dense', terms: 'terms' } as const;

/**
 * Terms of the mean chunk that matches are weighed by when they are written. Only the order in which candidates are
 * proposed depends on it: they are scored by the tenant's own mean.
 */
const referenceLength = 100;
const reference = new Bm25({ chunks: 1, terms: referenceLength });

/** As in the embedded store, which ranks alike: a longer chunk counts as this long. */
const longestCounted = 4_095;

/** A chunk's payload. Its point has the chunk's id, which names tenant, document, version and ordinal. */
export interface ChunkPayload {
  readonly tenant: string;
  readonly document: string;
  readonly version: number;
  readonly ordinal: number;
  readonly acl: readonly string[];
  readonly facts: readonly string[];
  /** Number of terms, repetitions counted. */
  readonly length: number;
  /** Ids of its terms, each once: to count the chunks that have one. */
  readonly terms: readonly number[];
  /** How often it has each of its terms, by id: to score it. */
  readonly frequencies: Readonly<Record<string, number>>;
  readonly metadata: Metadata;
  readonly content: Omit<Chunk, 'id' | 'ordinal'> & Pick<StoredChunk, 'title'>;
}

/** What a hit is made of. */
export const hitFields = [
  'document',
  'version',
  'ordinal',
  'metadata',
  'content',
] as const satisfies (keyof ChunkPayload)[];
export type HitPayload = Pick<ChunkPayload, (typeof hitFields)[number]>;

export function chunkPoint(
  { tenant, document, version }: DocumentVersion,
  chunk: StoredChunk,
): Schemas['PointStruct'] {
  const { id, ordinal, vector, terms, metadata, acl, ...content } = chunk;
  const frequencies = count(terms);
  const length = Math.min(terms.length, longestCounted);
  const payload: ChunkPayload = {
    ...{ tenant, document, version, ordinal, acl, length, metadata, content },
    facts: factsOf(document, metadata),
    terms: [...frequencies.keys()],
    frequencies: Object.fromEntries(frequencies),
  };
  return { id, vector: vectorsOf(vector, frequencies, length), payload: { ...payload } };
}

export const hitOf = (id: string, payload: HitPayload, score: number): SearchHit => ({
  ...payload.content,
  id,
  ordinal: payload.ordinal,
  document: payload.document,
  version: payload.version,
  metadata: payload.metadata,
  score,
});

function count(terms: readonly string[]): Map<number, number> {
  const frequencies = new Map<number, number>();
  for (const id of terms.map(termId)) frequencies.set(id, (frequencies.get(id) ?? 0) + 1);
  return frequencies;
}

/** `JSON.stringify` makes an object of a Float32Array. */
function vectorsOf(dense: Float32Array, frequencies: ReadonlyMap<number, number>, length: number) {
  const indices = [...frequencies.keys()];
  const values = [...frequencies.values()].map((times) => reference.match(times, length));
  return {
    [vectorNames.dense]: [...dense],
    ...(indices.length > 0 && { [vectorNames.terms]: { indices, values } }),
  };
}
