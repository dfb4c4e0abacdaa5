import { useState } from 'react';
import type { Sendable } from './send-file.ts';

interface Props {
  readonly onFiles: (files: readonly Sendable[]) => void;
}

/** Text becomes a Markdown document named after its title. */
export function PasteForm({ onFiles }: Props) {
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const send = (): void => {
    const name = `${title.trim().replaceAll('/', '-')}.md`;
    const heading = text.startsWith('# ') ? '' : `# ${title.trim()}\n\n`;
    onFiles([{ file: new File([heading + text], name, { type: 'text/markdown' }), path: name }]);
    setTitle('');
    setText('');
  };
  return (
    <details className="paste">
      <summary>Paste text instead</summary>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <label className="field">
          Title
          <input value={title} required maxLength={200} onChange={({ target }) => setTitle(target.value)} />
        </label>
        <label className="field">
          Text
          <textarea rows={6} value={text} required onChange={({ target }) => setText(target.value)} />
        </label>
        <div className="row-end">
          <button type="submit" className="button button-main">
            Add
          </button>
        </div>
      </form>
    </details>
  );
}
