import { StateBadge } from './state-badge.tsx';
import { isSettled, type Upload } from './uploads.ts';
import { Name } from '../shared/name.tsx';

interface Props {
  readonly uploads: readonly Upload[];
  readonly onClear: () => void;
}

/** What was added in this tab, and how far it is. */
export function UploadList({ uploads, onClear }: Props) {
  if (uploads.length === 0) return null;
  const settled = uploads.filter(({ state }) => isSettled(state)).length;
  return (
    <section className="uploads" aria-labelledby="uploads-heading">
      <div className="row-between">
        <h2 id="uploads-heading">Added now</h2>
        <span role="status" className="hint">
          {settled} of {uploads.length} done
        </span>
        <button type="button" className="button" onClick={onClear} disabled={settled === 0}>
          Clear
        </button>
      </div>
      <ul>
        {uploads.map(({ key, name, state, share, id, reason }) => (
          <li key={key}>
            <span className="upload-name">
              <Name of={name} />
            </span>
            {id !== undefined && id !== name && (
              <span className="document-id">
                as <Name of={id} />
              </span>
            )}
            <StateBadge state={state} />
            {state === 'sending' && <progress value={share} max={1} aria-label={`Sending ${name}`} />}
            {reason && <span className="reason">{reason}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
