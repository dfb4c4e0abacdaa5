import type { SearchResult } from '@millrace/contracts';
import type { Client } from '../client.ts';
import type { Flaw } from './faults.ts';

/** The cosine of a text with itself, but for rounding; of a text like it, it was 0.983 at most in 60 documents. */
const same = 0.999;

/** Chunks of a document whose vectors are not those of their texts. */
export async function vectorFlaws(
  client: Pick<Client, 'search'>,
  hits: readonly SearchResult[],
): Promise<Flaw[]> {
  const flaws: Flaw[] = [];
  for (const { document_id: id, chunk_id, start, text } of hits) {
    const near = await client.search(text, { mode: 'dense', top_k: 50, filter: { id } });
    const cosine = near.find((hit) => hit.chunk_id === chunk_id)?.score ?? 0;
    if (cosine < same)
      flaws.push(['mixed', `the vector of its chunk at ${start} is of another text: ${cosine}`]);
  }
  return flaws;
}
