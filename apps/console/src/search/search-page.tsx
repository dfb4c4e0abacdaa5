import { useState } from 'react';
import { Loading } from '../shared/loading.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { SearchResultView } from './search-result-view.tsx';
import { useSearch, type Mode, type Search } from './use-search.ts';

const modes: readonly { readonly value: Mode; readonly label: string }[] = [
  { value: 'hybrid', label: 'Meaning and words' },
  { value: 'dense', label: 'Meaning' },
  { value: 'sparse', label: 'Words' },
];

export function SearchPage() {
  const [query, setQuery] = useState('');
  const [mode, setMode] = useState<Mode>('hybrid');
  const [search, run] = useSearch();
  return (
    <div className="page">
      <h1>Search</h1>
      <form
        className="search-form"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (query.trim()) run(query.trim(), mode);
        }}
      >
        <label className="field field-wide">
          Look for
          <input type="search" value={query} onChange={({ target }) => setQuery(target.value)} />
        </label>
        <label className="field">
          By
          <select value={mode} onChange={({ target }) => setMode(target.value as Mode)}>
            {modes.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button button-main">
          Search
        </button>
      </form>
      {search ? (
        <Results search={search} onRetry={() => run(search.query, search.mode)} />
      ) : (
        <Notice kind="empty">Passages that fit your words or their meaning will stand here.</Notice>
      )}
    </div>
  );
}

interface ResultsProps {
  readonly search: Search;
  readonly onRetry: () => void;
}

function Results({ search: { query, results, error }, onRetry }: ResultsProps) {
  if (error !== undefined) return <ProblemNotice error={error} onRetry={onRetry} />;
  if (!results) return <Loading what="the results" />;
  return (
    <>
      <p className="hint" role="status">
        {results.length === 0 ? 'Nothing was found.' : `${results.length} passages`}
      </p>
      <ol className="results">
        {results.map((result) => (
          <SearchResultView key={result.chunk_id} result={result} query={query} />
        ))}
      </ol>
    </>
  );
}
