import { useState } from 'react';
import { accessKey } from '../api/access-key.ts';
import { Modal } from './modal.tsx';

/** Asks for the key that the server wants. */
export function KeyForm({ onClose }: { readonly onClose: () => void }) {
  const [key, setKey] = useState(accessKey.get() ?? '');
  return (
    <Modal title="Access key" onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          accessKey.set(key.trim());
          onClose();
        }}
      >
        <label className="field">
          Key
          <input
            type="password"
            autoComplete="off"
            value={key}
            required
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
        <p className="hint">
          It is kept in this tab only. A server on your own machine needs none by default.
        </p>
        <div className="row-end">
          <button type="submit" className="button button-main">
            Use this key
          </button>
        </div>
      </form>
    </Modal>
  );
}
