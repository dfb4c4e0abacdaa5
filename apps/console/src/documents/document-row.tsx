import { useId, useState } from 'react';
import { openDocument } from '../router/use-location.ts';
import { DocumentHistory } from './document-history.tsx';
import { StateBadge } from './state-badge.tsx';
import type { ListedDocument } from './use-documents.ts';
import { Name } from '../shared/name.tsx';

interface Props {
  readonly document: ListedDocument;
  readonly onDelete: () => void;
}

export function DocumentRow({ document, onDelete }: Props) {
  const { id, title, version, state, chunks, reason, live_version: live } = document;
  const [expanded, setExpanded] = useState(false);
  const history = useId();
  return (
    <>
      <tr>
        <th scope="row">
          <span className="document-title">
            <Name of={title ?? id} />
          </span>
          {title !== undefined && title !== id && (
            <span className="document-id">
              <Name of={id} />
            </span>
          )}
        </th>
        <td>
          <StateBadge state={state} />
          {reason && <span className="reason">{reason.message}</span>}
        </td>
        <td className="number wide-only">{version}</td>
        <td className="number wide-only">{chunks}</td>
        <td className="actions">
          <button
            type="button"
            className="button-plain"
            aria-expanded={expanded}
            aria-controls={history}
            aria-label={`History of ${id}`}
            onClick={() => setExpanded(!expanded)}
          >
            History
          </button>
          <button
            type="button"
            className="button-plain"
            aria-label={`Read ${id}`}
            disabled={live === undefined}
            onClick={() => openDocument({ id })}
          >
            Read
          </button>
          <button
            type="button"
            className="button-plain"
            aria-label={`Delete ${id}`}
            disabled={state === 'deleted'}
            onClick={onDelete}
          >
            Delete
          </button>
        </td>
      </tr>
      <tr id={history} hidden={!expanded}>
        <td colSpan={5}>{expanded && <DocumentHistory id={id} state={`${version} ${state}`} />}</td>
      </tr>
    </>
  );
}
