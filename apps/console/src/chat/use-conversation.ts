import { useCallback, useEffect, useReducer, useRef } from 'react';
import { streamAnswer } from '../api/chat-stream.ts';
import { messagesOf, reduce, type Turn } from './conversation.ts';
import { keptTurns } from './kept-turns.ts';

export interface Conversation {
  readonly turns: readonly Turn[];
  /** An answer is on its way. */
  readonly busy: boolean;
  readonly ask: (question: string) => void;
  readonly stop: () => void;
  /** Asks the last question once more. */
  readonly retry: () => void;
  /** Forgets what was said. */
  readonly clear: () => void;
}

export function useConversation(): Conversation {
  const [turns, change] = useReducer(reduce, undefined, keptTurns.get);
  const running = useRef<AbortController>(null);
  const keys = useRef(turns.at(-1)?.key ?? 0);
  useKeeping(turns);

  const run = useCallback(async (before: readonly Turn[], question: string) => {
    const controller = new AbortController();
    running.current = controller;
    keys.current += 1;
    change({ type: 'asked', key: keys.current, question });
    try {
      const messages = [...messagesOf(before), { role: 'user' as const, content: question }];
      for await (const frame of streamAnswer(messages, controller.signal)) change({ type: 'frame', frame });
      change({ type: 'ended', state: 'complete' });
    } catch (error) {
      change(controller.signal.aborted ? { type: 'ended', state: 'stopped' } : { type: 'failed', error });
    }
  }, []);

  const ask = useCallback((question: string) => void run(turns, question), [run, turns]);
  const retry = useCallback(() => {
    const last = turns.at(-1);
    if (!last) return;
    change({ type: 'dropped' });
    void run(turns.slice(0, -1), last.question);
  }, [run, turns]);
  const stop = useCallback(() => running.current?.abort(), []);
  const clear = useCallback(() => change({ type: 'cleared' }), []);
  return { turns, busy: turns.at(-1)?.state === 'streaming', ask, stop, retry, clear };
}

/** Written when a question is asked and when its answer has ended, not with each frame. */
function useKeeping(turns: readonly Turn[]): void {
  const last = turns.at(-1);
  const onItsWay = last?.state === 'streaming' && last.text !== '';
  useEffect(() => {
    if (!onItsWay) keptTurns.set(turns);
  }, [turns, onItsWay]);
}
