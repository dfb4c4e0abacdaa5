import type { SearchResult } from '@millrace/contracts';
import type { Moderate } from '../release/held-text.ts';
import { moderatedText } from '../release/moderated-text.ts';

/** What was looked up for an answer, for its asker to see. */
export interface ShownSearch {
  /** Empty where moderation blocks it. */
  readonly query: string;
  /** Undefined where they are not asked for. */
  readonly passages?: readonly ShownPassage[] | undefined;
}

export type ShownPassage = Pick<
  SearchResult,
  'document_id' | 'version' | 'chunk_id' | 'title' | 'text' | 'start' | 'end' | 'score' | 'metadata'
>;

/** As it may leave: a language model may have put the question in full, and documents hold anything. */
export async function shownSearch(
  { question, passages }: { readonly question: string; readonly passages: readonly SearchResult[] },
  showing: { readonly passages: boolean },
  tenant: string,
  moderate: Moderate,
): Promise<ShownSearch> {
  const clean = (text: string) => moderatedText(text, tenant, moderate);
  const shown = async (passage: SearchResult): Promise<ShownPassage> => {
    const [text, title, metadata] = await Promise.all([
      clean(passage.text),
      passage.title && clean(passage.title),
      moderatedText(JSON.stringify(passage.metadata), tenant, moderate, 'json'),
    ]);
    return {
      ...passage,
      ...{ text, title: title || undefined },
      metadata: metadata === '' ? {} : (JSON.parse(metadata) as SearchResult['metadata']),
    };
  };
  const [query, found] = await Promise.all([
    question === '' ? '' : clean(question),
    showing.passages ? Promise.all(passages.map(shown)) : undefined,
  ]);
  return { query, passages: found };
}
