import type { DatabaseSync } from 'node:sqlite';
import type { Chunk, Metadata } from '@millrace/contracts';
import type { SearchHit, StoredChunk, VectorQuery } from '@millrace/ports';
import type { Candidate } from './eligible.ts';
import { accessTest } from './facet-filter.ts';

/** A chunk without what is only for finding it, as JSON in the file. */
export type Content = Chunk & Pick<StoredChunk, 'title'>;

export interface HitRow {
  readonly content: string;
  readonly version: number;
  readonly document: string;
  readonly metadata: string;
}

export const hitOf = ({ content, version, document, metadata }: HitRow, score: number): SearchHit => ({
  ...(JSON.parse(content) as Content),
  document,
  version,
  score,
  metadata: JSON.parse(metadata) as Metadata,
});

/** What was found, in the order in which it was ranked. */
export function hitsOfChunks(database: DatabaseSync, ranked: readonly Candidate[]): SearchHit[] {
  const select = database.prepare(
    `SELECT chunk.content, chunk.version, document.name AS document, facet.metadata
     FROM chunk JOIN document ON document.id = chunk.document JOIN facet ON facet.id = chunk.facet
     WHERE chunk.id = ?`,
  );
  return ranked.map(({ id, score }) => hitOf(select.get(id) as unknown as HitRow, score));
}

/** The hits of these candidates with the chunks around them that the query wants and its access list admits. */
export function withNeighbours(
  database: DatabaseSync,
  space: number,
  hits: SearchHit[],
  ranked: readonly Candidate[],
  { neighbours = 0, access }: Pick<VectorQuery, 'neighbours' | 'access'>,
): SearchHit[] {
  if (neighbours === 0) return hits;
  const admitted = accessTest(space, access);
  const select = database.prepare(
    `SELECT near.content FROM chunk JOIN chunk AS near ON near.document = chunk.document
       AND near.ordinal BETWEEN chunk.ordinal - ? AND chunk.ordinal + ? AND near.id <> chunk.id
     JOIN facet ON facet.id = near.facet
     WHERE chunk.id = ? AND ${admitted.sql} ORDER BY near.ordinal`,
  );
  return hits.map((hit, at) => {
    const rows = select.all(neighbours, neighbours, ranked[at]!.id, ...admitted.params);
    return { ...hit, around: rows.map(({ content }) => JSON.parse(content as string) as Content) };
  });
}
