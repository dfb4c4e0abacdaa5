import type { ShownPassage, ShownSearch } from '../../lookup/shown-search.ts';
import { added, done, type ItemOf, type Telling, type ToldItem } from './told-items.ts';

/** The search in the documents: it is over when an answer begins. */
export class SearchItem implements ToldItem {
  private readonly id: string;

  constructor(
    private readonly search: ShownSearch,
    requestId: string,
    private readonly at: number,
  ) {
    this.id = `fs_${requestId}_${at}`;
  }

  *tell(): Iterable<Telling> {
    const place = { item_id: this.id, output_index: this.at };
    yield added(this.at, { ...this.shown(), status: 'in_progress', results: null });
    yield { type: 'response.file_search_call.in_progress', ...place };
    yield { type: 'response.file_search_call.searching', ...place };
    yield { type: 'response.file_search_call.completed', ...place };
    yield done(this.at, this.shown());
  }

  *close(): Iterable<Telling> {}

  shown(): ItemOf<'file_search_call'> {
    const { query, passages } = this.search;
    return {
      type: 'file_search_call',
      id: this.id,
      status: 'completed',
      queries: query === '' ? [] : [query],
      results: passages?.map(resultOf) ?? null,
    };
  }
}

type Result = NonNullable<ItemOf<'file_search_call'>['results']>[number];

const resultOf = ({ document_id, title, text, score, metadata, ...place }: ShownPassage): Result => ({
  file_id: document_id,
  filename: title ?? document_id,
  text,
  score,
  attributes: attributesOf(metadata),
  millrace: { version: place.version, chunk_id: place.chunk_id, start: place.start, end: place.end },
});

/** What OpenAI's description has room for: 16 keys, no lists. */
const attributesOf = (metadata: ShownPassage['metadata']): Result['attributes'] =>
  Object.fromEntries(
    Object.entries(metadata)
      .flatMap(([key, value]) => (Array.isArray(value) ? [] : [[key, shortened(value)] as const]))
      .slice(0, 16),
  );

const shortened = <T>(value: T): T | string => (typeof value === 'string' ? value.slice(0, 512) : value);
