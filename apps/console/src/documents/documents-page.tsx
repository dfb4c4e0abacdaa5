import { useState } from 'react';
import { isProblem } from '../api/client.ts';
import { Loading } from '../shared/loading.tsx';
import { Notice } from '../shared/notice.tsx';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { DocumentTable } from './document-table.tsx';
import { DropZone } from './drop-zone.tsx';
import { PasteForm } from './paste-form.tsx';
import { StateSelect } from './state-select.tsx';
import { UploadList } from './upload-list.tsx';
import { useDocuments, type Listing, type StateFilter } from './use-documents.ts';
import { useUploads } from './use-uploads.ts';

const firstPage = 100;
const mostShown = 1000;

export function DocumentsPage({ active }: { readonly active: boolean }) {
  const [state, setState] = useState<StateFilter>('');
  const [limit, setLimit] = useState(firstPage);
  const [deleting, setDeleting] = useState<string>();
  const listing = useDocuments(active, state, limit);
  const { uploads, add, clear } = useUploads(listing.refresh);
  if (isProblem(listing.error, 'forbidden')) return <NotAllowed listing={listing} />;
  return (
    <div className="page">
      <h1>Documents</h1>
      <DropZone onFiles={add} />
      <PasteForm onFiles={add} />
      <UploadList uploads={uploads} onClear={clear} />
      <section className="all-documents" aria-labelledby="all-documents">
        <div className="row-between">
          <h2 id="all-documents">All documents</h2>
          <StateSelect state={state} onChange={setState} />
        </div>
        <DocumentList listing={listing} filtered={state !== ''} onDelete={setDeleting} />
        {listing.more && <More limit={limit} onMore={() => setLimit(mostShown)} />}
      </section>
      {deleting !== undefined && (
        <DeleteDialog
          id={deleting}
          onClose={() => {
            setDeleting(undefined);
            listing.refresh();
          }}
        />
      )}
    </div>
  );
}

/** Who may not list documents may not push any either. */
const NotAllowed = ({ listing: { error, refresh } }: { readonly listing: Listing }) => (
  <div className="page">
    <h1>Documents</h1>
    <ProblemNotice
      error={error}
      onRetry={refresh}
      forbidden="This key may not see, add or delete documents: it lacks the right to write. Asking and searching are separate."
    />
  </div>
);

interface ListProps {
  readonly listing: Listing;
  readonly filtered: boolean;
  readonly onDelete: (id: string) => void;
}

function DocumentList({ listing: { documents, error, refresh }, filtered, onDelete }: ListProps) {
  if (error !== undefined) return <ProblemNotice error={error} onRetry={refresh} />;
  if (!documents) return <Loading what="the documents" />;
  if (documents.length > 0) return <DocumentTable documents={documents} onDelete={onDelete} />;
  return (
    <Notice kind="empty">
      {filtered ? 'No document is in this state.' : 'There are no documents yet. Drop some above.'}
    </Notice>
  );
}

function More({ limit, onMore }: { readonly limit: number; readonly onMore: () => void }) {
  if (limit >= mostShown)
    return (
      <p className="hint">
        The first {mostShown} are shown. Choose a state, or use the command line for the rest.
      </p>
    );
  return (
    <button type="button" className="button" onClick={onMore}>
      Show more
    </button>
  );
}
