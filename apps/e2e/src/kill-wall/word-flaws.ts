import type { SearchResult } from '@millrace/contracts';
import type { Client } from '../client.ts';
import type { Flaw } from './faults.ts';
import { markIn } from './texts.ts';

/** Chunks of a document that the word of its last change does not find: the words they are found by are of another text. */
export async function wordFlaws(
  client: Pick<Client, 'search'>,
  hits: readonly SearchResult[],
): Promise<Flaw[]> {
  const [first] = hits;
  if (!first) return [];
  const mark = markIn(first.text);
  const found = await client.search(mark, { mode: 'sparse', top_k: 50 });
  const lacking = hits.filter(({ chunk_id }) => found.every((hit) => hit.chunk_id !== chunk_id));
  return lacking.length > 0 ? [['mixed', `${lacking.length} chunks are not found by ${mark}`]] : [];
}
