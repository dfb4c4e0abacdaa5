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

export function ChatPage() {
  const { turns, busy, ask, stop, retry, clear } = useConversation();
  const last = turns.at(-1);
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
      <Composer busy={busy} onAsk={ask} onStop={stop} {...(last && { onClear: clear })} />
      <p className="visually-hidden" role="status">
        {last && announcements[last.state]}
      </p>
    </div>
  );
}
