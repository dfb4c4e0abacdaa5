import { useEffect, useRef } from 'react';
import { ChatPage } from './chat/chat-page.tsx';
import { DocumentsPage } from './documents/documents-page.tsx';
import { Reader } from './reader/reader.tsx';
import type { Page } from './router/location.ts';
import { closeDocument, useLocation } from './router/use-location.ts';
import { SearchPage } from './search/search-page.tsx';
import { Header } from './shared/header.tsx';

const titles: Record<Page, string> = { chat: 'Chat', documents: 'Documents', search: 'Search' };

/** All pages stay mounted, so that a conversation and a list of results survive a look elsewhere. */
export function App() {
  const { page, open } = useLocation();
  const main = useFocusOnChange(page);
  useEffect(() => {
    document.title = `${titles[page]} · Millrace`;
  }, [page]);
  return (
    <>
      <a className="skip-link" href="#main" onClick={(event) => skipTo(event, main.current)}>
        Skip to the content
      </a>
      <Header page={page} titles={titles} />
      <main id="main" ref={main} tabIndex={-1}>
        <div hidden={page !== 'chat'}>
          <ChatPage />
        </div>
        <div hidden={page !== 'documents'}>
          <DocumentsPage active={page === 'documents'} />
        </div>
        <div hidden={page !== 'search'}>
          <SearchPage />
        </div>
      </main>
      {open && <Reader key={JSON.stringify(open)} passage={open} onClose={closeDocument} />}
    </>
  );
}

/** The address holds the page, so that a fragment cannot do this. */
function skipTo(event: { preventDefault: () => void }, main: HTMLElement | null): void {
  event.preventDefault();
  main?.focus();
}

/** Moves the focus to the new page, where a screen reader goes on. */
function useFocusOnChange(page: Page) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(page);
  useEffect(() => {
    if (before.current !== page) main.current?.focus({ preventScroll: true });
    before.current = page;
  }, [page]);
  return main;
}
