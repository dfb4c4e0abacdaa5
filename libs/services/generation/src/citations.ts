import type { Citation } from '@millrace/contracts';
import type { Source } from './answer-part.ts';

/** `[1]`, `[1, 3]` and `[1][2]` in an answer, where a source has that number; others are left as the text they are. */
export function citationsIn(answer: string, sources: readonly Source[]): Citation[] {
  const byIndex = new Map(sources.map((source) => [source.index, source]));
  return [...answer.matchAll(/\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g)].flatMap((marker) =>
    [...new Set(marker[1]!.split(',').map(Number))].flatMap((number) => {
      const source = byIndex.get(number);
      return source ? [citation(source, marker.index, marker.index + marker[0].length)] : [];
    }),
  );
}

const citation = ({ index, passage }: Source, start: number, end: number): Citation => ({
  type: 'url_citation',
  url_citation: {
    start_index: start,
    end_index: end,
    url: `/v1/documents/${encodeURIComponent(passage.document_id)}/content`,
    title: passage.title ?? passage.document_id,
  },
  index,
  document_id: passage.document_id,
  version: passage.version,
  chunk_id: passage.chunk_id,
  start: passage.start,
  end: passage.end,
  text: passage.text,
});
