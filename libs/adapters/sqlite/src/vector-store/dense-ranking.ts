import type { DatabaseSync } from 'node:sqlite';
import type { Candidate, Eligible } from './eligible.ts';

/** Chunks up to which every vector is compared exactly. */
const exactUpTo = 5_000;
/** Above, as many by the outline, at least, are compared exactly. */
const shortlist = 2_000;
const shortlistPerHit = 10;

/**
 * The chunks nearest to a vector by cosine. Many are first narrowed down by their outlines: the number of
 * dimensions whose sign differs, a twentieth of the work.
 */
export function rankByVector(
  database: DatabaseSync,
  eligible: Eligible,
  vector: Float32Array,
  limit: number,
): Candidate[] {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  const among = `vector.space = ? AND ${eligible.test.sql}`;
  const params = [eligible.space, ...eligible.test.params];
  const nearest = (where: string) =>
    database.prepare(
      `SELECT id, uuid, 1 - vec_distance_cosine(embedding, ?) AS score FROM vector WHERE ${where}
       ORDER BY score DESC, uuid LIMIT ?`,
    );
  if (vector.length % 8 !== 0 || eligible.count(exactUpTo + 1) <= exactUpTo)
    return nearest(among).all(bytes, ...params, limit) as unknown as Candidate[];
  const outlined = `id IN (SELECT id FROM vector WHERE ${among}
    ORDER BY vec_distance_hamming(vec_bit(outline), vec_quantize_binary(?)) LIMIT ?)`;
  const listed = Math.max(shortlist, limit * shortlistPerHit);
  return nearest(outlined).all(bytes, ...params, bytes, listed, limit) as unknown as Candidate[];
}

/** The vectors of candidates, by `chunk.id`. */
export function vectorsOf(
  database: DatabaseSync,
  candidates: readonly Candidate[],
): ReadonlyMap<number, Float32Array> {
  const rows = database
    .prepare('SELECT id, embedding FROM vector WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(candidates.map(({ id }) => id))) as unknown as {
    id: number;
    embedding: Uint8Array;
  }[];
  // Copied: a number of four bytes has to lie at a multiple of four.
  return new Map(rows.map(({ id, embedding }) => [id, new Float32Array(embedding.slice().buffer)]));
}
