import { useCallback } from 'react';
import { call } from '../api/client.ts';
import { Loading } from '../shared/loading.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { useAnswer } from '../shared/use-answer.ts';
import { StateBadge } from './state-badge.tsx';

const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

interface Props {
  readonly id: string;
  /** Asked again when the document moves on. */
  readonly state: string;
}

/** Every state the document has been in. */
export function DocumentHistory({ id, state }: Props) {
  const { answer, error, retry } = useAnswer(
    useCallback(
      (signal: AbortSignal) => {
        void state;
        return call('getDocument', { id, signal });
      },
      [id, state],
    ),
  );
  if (error !== undefined) return <ProblemNotice error={error} onRetry={retry} />;
  if (!answer) return <Loading what="the history" />;
  return (
    <ol className="history" aria-label={`History of ${id}`}>
      {answer.history.map((entry) => (
        <li key={`${entry.version} ${entry.state} ${entry.at}`}>
          <StateBadge state={entry.state} />
          <span>version {entry.version}</span>
          <time dateTime={entry.at}>{time.format(new Date(entry.at))}</time>
        </li>
      ))}
    </ol>
  );
}
