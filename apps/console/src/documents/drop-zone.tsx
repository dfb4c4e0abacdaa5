import { useId, useState, type DragEvent } from 'react';
import { droppedFiles, pickedFiles } from './dropped-files.ts';
import type { Sendable } from './send-file.ts';

interface Props {
  readonly onFiles: (files: readonly Sendable[]) => void;
}

/** Takes files and folders by drop, and files by the browser's own dialog. */
export function DropZone({ onFiles }: Props) {
  const [over, setOver] = useState(false);
  const field = useId();
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(onFiles);
  };
  return (
    <div
      className={over ? 'drop-zone drop-zone-over' : 'drop-zone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <input
        id={field}
        className="visually-hidden file-input"
        type="file"
        multiple
        onChange={({ target }) => {
          if (target.files) onFiles(pickedFiles(target.files));
          target.value = '';
        }}
      />
      <label className="button button-main" htmlFor={field}>
        Choose files
      </label>
      <p>or drop files and folders here</p>
      <p className="hint">Text, Markdown, HTML, PDF, DOCX, PPTX, XLSX, CSV, JSON and e-mail (EML)</p>
    </div>
  );
}
