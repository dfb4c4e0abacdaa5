import { useId, useRef, useState, type KeyboardEvent } from 'react';

interface Props {
  readonly busy: boolean;
  readonly onAsk: (question: string) => void;
  readonly onStop: () => void;
  /** Unset: there is nothing to clear. */
  readonly onClear?: () => void;
}

/** Where a question is written. Enter sends, Shift+Enter begins a line. */
export function Composer({ busy, onAsk, onStop, onClear }: Props) {
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const hint = useId();
  const question = text.trim();
  const send = (): void => {
    if (busy || question === '') return;
    onAsk(question);
    setText('');
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label className="visually-hidden" htmlFor={`${hint}-field`}>
        Your question
      </label>
      <textarea
        id={`${hint}-field`}
        ref={field}
        rows={2}
        value={text}
        placeholder="Ask your documents"
        aria-describedby={hint}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
      />
      <span id={hint} className="visually-hidden">
        Enter sends, Shift and Enter begins a new line.
      </span>
      <div className="composer-actions">
        {busy ? (
          <button type="button" className="button" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button type="submit" className="button button-main" disabled={question === ''}>
            Ask
          </button>
        )}
        {onClear && (
          <button
            type="button"
            className="button-plain"
            disabled={busy}
            onClick={() => {
              onClear();
              field.current?.focus();
            }}
          >
            New chat
          </button>
        )}
      </div>
    </form>
  );
}
