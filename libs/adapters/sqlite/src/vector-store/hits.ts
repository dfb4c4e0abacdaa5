import type { DatabaseSync } from 'node:sqlite';
import type { Chunk, Metadata } from '@millrace/contracts';
import type { SearchHit, StoredChunk } from '@millrace/ports';
import type { Candidate } from './eligible.ts';

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
