import type { SearchHit } from '@millrace/ports';
import type { Collection } from '../collection/collection.ts';
import { hitFields, hitOf, vectorNames, type HitPayload } from '../points/chunk-point.ts';
import type { Candidate } from '../ranking/ranking.ts';

/** Vectors in one answer: 256 of 384 dimensions are 2.5 MB of JSON. */
const vectorsAtOnce = 256;

/** What hits show, by chunk id; without what is gone. */
export async function readContents(
  collection: Collection,
  ids: readonly string[],
): Promise<Map<string, HitPayload>> {
  if (ids.length === 0) return new Map();
  const records = await collection.run((client, name) =>
    client.retrieve(name, { ids: [...ids], with_payload: [...hitFields], with_vector: false }),
  );
  return new Map(records.map(({ id, payload }) => [String(id), payload as unknown as HitPayload]));
}

/** Candidates as hits, in their order, from what is known of them and what is not. Undefined when one is gone by now. */
export async function readHits(
  collection: Collection,
  candidates: readonly Candidate[],
  known: ReadonlyMap<string, HitPayload>,
): Promise<SearchHit[] | undefined> {
  const missing = candidates.filter(({ uuid }) => !known.has(uuid)).map(({ uuid }) => uuid);
  const contents = new Map([...known, ...(await readContents(collection, missing))]);
  const hits = candidates.flatMap(({ uuid, score }) => {
    const content = contents.get(uuid);
    return content ? [hitOf(uuid, content, score)] : [];
  });
  return hits.length === candidates.length ? hits : undefined;
}

/** The vectors of chunks, of unit length, by chunk id; without what is gone. */
export async function readVectors(
  collection: Collection,
  ids: readonly string[],
): Promise<Map<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  for (let at = 0; at < ids.length; at += vectorsAtOnce) {
    const page = ids.slice(at, at + vectorsAtOnce);
    const records = await collection.run((client, name) =>
      client.retrieve(name, { ids: page, with_payload: false, with_vector: [vectorNames.dense] }),
    );
    for (const { id, vector } of records) {
      const { [vectorNames.dense]: dense } = vector as Record<string, number[]>;
      if (dense) vectors.set(String(id), Float32Array.from(dense));
    }
  }
  return vectors;
}
