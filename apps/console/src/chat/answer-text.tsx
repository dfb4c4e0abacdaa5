import type { Citation } from '@millrace/contracts';
import { openDocument } from '../router/use-location.ts';
import { splitCitations } from './cited-text.ts';
import { straight } from '../shared/straight.ts';

interface Props {
  readonly text: string;
  readonly sources: readonly Citation[];
}

/** An answer whose `[n]` open the passage they cite. */
export function AnswerText({ text, sources }: Props) {
  const byIndex = new Map(sources.map((citation) => [citation.index, citation]));
  return (
    <p className="answer-text">
      {splitCitations(text, new Set(byIndex.keys())).map((piece, at) =>
        typeof piece === 'string' ? piece : <CitationButton key={at} citation={byIndex.get(piece)!} />,
      )}
    </p>
  );
}

function CitationButton({ citation }: { readonly citation: Citation }) {
  const { index, url_citation, document_id: id, version, start, end } = citation;
  return (
    <button
      type="button"
      className="citation"
      aria-label={`Source ${index}: ${url_citation.title}`}
      title={straight(url_citation.title)}
      onClick={() => openDocument({ id, version, start, end })}
    >
      {index}
    </button>
  );
}
