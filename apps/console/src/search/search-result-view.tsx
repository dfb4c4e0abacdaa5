import type { SearchResult } from '@millrace/contracts';
import { openDocument } from '../router/use-location.ts';
import { ExplanationView } from './explanation-view.tsx';
import { highlight } from './highlight.ts';
import { Name } from '../shared/name.tsx';

interface Props {
  readonly result: SearchResult;
  readonly query: string;
  /** Shows the text however long it is: with what stands around, it begins before what was found. */
  readonly isWhole: boolean;
}

export function SearchResultView({ result, query, isWhole }: Props) {
  const { document_id: id, version, title, score, text, start, end, headings, page, explanation } = result;
  return (
    <li>
      <button type="button" className="result" onClick={() => openDocument({ id, version, start, end })}>
        <span className="result-head">
          <span className="result-title">
            <Name of={title ?? id} />
          </span>
          <span className="score">
            <span className="visually-hidden">score </span>
            {score.toFixed(3)}
          </span>
        </span>
        <span className="document-id">
          <Name of={id} />
          {page && ` · page ${page}`}
          {headings.length > 0 && (
            <>
              {' · '}
              <Name of={headings.at(-1)!} />
            </>
          )}
        </span>
        <span className={isWhole ? 'result-text' : 'result-text result-text-short'}>
          {highlight(text, query).map((run, at) => (run.hit ? <mark key={at}>{run.text}</mark> : run.text))}
        </span>
      </button>
      {explanation && <ExplanationView explanation={explanation} />}
    </li>
  );
}
