import { useId } from 'react';
import type { Citation } from '@millrace/contracts';
import { openDocument } from '../router/use-location.ts';
import { Name } from '../shared/name.tsx';

/** The sources of an answer: each opens its passage in the document. */
export function SourceList({ sources }: { readonly sources: readonly Citation[] }) {
  const heading = useId();
  return (
    <aside className="sources" aria-labelledby={heading}>
      <h3 id={heading}>Sources</h3>
      <ol>
        {sources.map(({ index, url_citation, document_id: id, version, start, end, text }) => (
          <li key={index}>
            <button
              type="button"
              className="source"
              onClick={() => openDocument({ id, version, start, end })}
            >
              <span className="source-head">
                <span className="source-number">{index}</span>
                <span className="source-title">
                  <Name of={url_citation.title} />
                </span>
              </span>
              {url_citation.title !== id && (
                <span className="document-id">
                  <Name of={id} />
                </span>
              )}
              <span className="source-passage">{text}</span>
            </button>
          </li>
        ))}
      </ol>
    </aside>
  );
}
