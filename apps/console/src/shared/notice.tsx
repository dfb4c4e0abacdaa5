import type { ReactNode } from 'react';

interface Props {
  readonly kind: 'empty' | 'error' | 'info';
  readonly children: ReactNode;
  /** What the button says, and does. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

/** A sentence in place of, or beside, content. Errors are announced. */
export function Notice({ kind, children, action }: Props) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : undefined}>
      <p>{children}</p>
      {action && (
        <button type="button" className="button" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}
