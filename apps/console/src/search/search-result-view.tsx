import type { SearchResult } from '@millrace/contracts';
import { openDocument } from '../router/use-location.ts';
import { highlight } from './highlight.ts';

interface Props {
  readonly result: SearchResult;
  readonly query: string;
}

export function SearchResultView({ result, query }: Props) {
  const { document_id: id, version, title, score, text, start, end, headings, page } = result;
  const place = [id, page && `page ${page}`, headings.at(-1)].filter(Boolean).join(' · ');
  return (
    <li>
      <button type="button" className="result" onClick={() => openDocument({ id, version, start, end })}>
        <span className="result-head">
          <span className="result-title">{title ?? id}</span>
          <span className="score">
            <span className="visually-hidden">score </span>
            {score.toFixed(3)}
          </span>
        </span>
        <span className="document-id">{place}</span>
        <span className="result-text">
          {highlight(text, query).map((run, at) => (run.hit ? <mark key={at}>{run.text}</mark> : run.text))}
        </span>
      </button>
    </li>
  );
}
