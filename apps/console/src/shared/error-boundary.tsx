import { Component, type ReactNode } from 'react';
import { Notice } from './notice.tsx';

/** A fault of the console itself: said, instead of an empty page. React has written it to the browser's console. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="page">
        <Notice kind="error" action={{ label: 'Reload', run: () => window.location.reload() }}>
          Something went wrong in the console. What you sent to the server is safe.
        </Notice>
      </main>
    );
  }
}
