import { useEffect, useRef } from 'react';
import { Composer } from './composer.tsx';
import type { Turn } from './conversation.ts';
import { TurnView } from './turn-view.tsx';
import { useConversation } from './use-conversation.ts';
import { Welcome } from './welcome.tsx';

const announcements: Record<Turn['state'], string> = {
  streaming: 'The answer is coming.',
  complete: 'The answer is complete.',
  stopped: 'The answer was stopped.',
  failed: 'The answer failed.',
};

export function ChatPage({ active }: { readonly active: boolean }) {
  const { turns, busy, ask, stop, retry } = useConversation();
  const last = turns.at(-1);
  const end = useStickToEnd(active, last);
  return (
    <div className="chat">
      {last ? (
        <>
          <h1 className="visually-hidden">Conversation</h1>
          {turns.map((turn) => (
            <TurnView key={turn.key} turn={turn} onRetry={retry} />
          ))}
        </>
      ) : (
        <Welcome onAsk={ask} />
      )}
      <div ref={end} />
      <Composer busy={busy} onAsk={ask} onStop={stop} />
      <p className="visually-hidden" role="status">
        {last && announcements[last.state]}
      </p>
    </div>
  );
}

/** Distance from the end, in CSS pixels, within which a reader wants to see what comes. */
const near = 160;

/** Follows a growing answer, unless the reader has scrolled away; a new question is always brought into view. */
function useStickToEnd(active: boolean, last: Turn | undefined) {
  const end = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const note = (): void => {
      const { scrollHeight } = document.documentElement;
      atEnd.current = window.scrollY + window.innerHeight >= scrollHeight - near;
    };
    window.addEventListener('scroll', note, { passive: true });
    return () => window.removeEventListener('scroll', note);
  }, []);
  useEffect(() => {
    if (active && atEnd.current) end.current?.scrollIntoView({ block: 'end' });
  }, [active, last]);
  useEffect(() => {
    atEnd.current = true;
  }, [last?.key]);
  return end;
}
