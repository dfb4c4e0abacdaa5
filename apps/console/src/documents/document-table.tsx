import { DocumentRow } from './document-row.tsx';
import type { ListedDocument } from './use-documents.ts';

interface Props {
  readonly documents: readonly ListedDocument[];
  readonly onDelete: (id: string) => void;
}

export function DocumentTable({ documents, onDelete }: Props) {
  return (
    <table className="documents">
      <caption className="visually-hidden">Documents</caption>
      <thead>
        <tr>
          <th scope="col">Document</th>
          <th scope="col">State</th>
          <th scope="col" className="number wide-only">
            Version
          </th>
          <th scope="col" className="number wide-only">
            Chunks
          </th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {documents.map((document) => (
          <DocumentRow key={document.id} document={document} onDelete={() => onDelete(document.id)} />
        ))}
      </tbody>
    </table>
  );
}
