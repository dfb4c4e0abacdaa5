import { useState } from 'react';
import { Loading } from '../shared/loading.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { RankingOptions } from './ranking-options.tsx';
import { plainRanking, type Mode } from './ranking.ts';
import { SearchResultView } from './search-result-view.tsx';
import { useSearch, type Search } from './use-search.ts';

const modes: readonly { readonly value: Mode; readonly label: string }[] = [
  { value: 'hybrid', label: 'Meaning and words' },
  { value: 'dense', label: 'Meaning' },
  { value: 'sparse', label: 'Words' },
];

export function SearchPage() {
  const [query, setQuery] = useState('');
  const [ranking, setRanking] = useState(plainRanking);
  const [search, run] = useSearch();
  return (
    <div className="page">
      <h1>Search</h1>
      <form
        className="search-form"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (query.trim()) run(query.trim(), ranking);
        }}
      >
        <label className="field field-wide">
          Look for
          <input type="search" value={query} onChange={({ target }) => setQuery(target.value)} />
        </label>
        <label className="field">
          By
          <select
            value={ranking.mode}
            onChange={({ target }) => setRanking({ ...ranking, mode: target.value as Mode })}
          >
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
        <RankingOptions ranking={ranking} onChange={setRanking} />
      </form>
      {search ? (
        <Results search={search} onRetry={() => run(search.query, search.ranking)} />
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

function Results({ search: { query, ranking, results, error }, onRetry }: ResultsProps) {
  if (error !== undefined) return <ProblemNotice error={error} onRetry={onRetry} />;
  if (!results) return <Loading what="the results" />;
  return (
    <>
      <p className="hint" role="status">
        {results.length === 0 ? 'Nothing was found.' : `${results.length} passages`}
      </p>
      <ol className="results">
        {results.map((result) => (
          <SearchResultView {...{ result, query, isWhole: ranking.neighbours > 0 }} key={result.chunk_id} />
        ))}
      </ol>
    </>
  );
}
