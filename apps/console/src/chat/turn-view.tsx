import { useEffect, useRef } from 'react';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { AnswerText } from './answer-text.tsx';
import type { Turn } from './conversation.ts';
import { SourceList } from './source-list.tsx';

interface Props {
  readonly turn: Turn;
  readonly onRetry: () => void;
}

/** A question with its answer, and the sources beside it. A new question moves to the top; the answer grows below it. */
export function TurnView({ turn, onRetry }: Props) {
  const { question, text, state, sources, error } = turn;
  const remark = remarkOn(turn);
  const start = useRef<HTMLElement>(null);
  useEffect(() => {
    void start.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <section className="turn" ref={start}>
      <h2 className="question">{question}</h2>
      <div className="turn-body">
        <div className="answer" aria-busy={state === 'streaming'}>
          {text === '' && state === 'streaming' && (
            <p className="thinking">
              Looking through the documents<span aria-hidden="true"> …</span>
            </p>
          )}
          {text !== '' && <AnswerText text={text} sources={sources} />}
          {remark && <p className="remark">{remark}</p>}
          {state === 'failed' && <ProblemNotice error={error} onRetry={onRetry} />}
        </div>
        {sources.length > 0 && <SourceList sources={sources} />}
      </div>
    </section>
  );
}

function remarkOn({ state, generator, finishReason, sources }: Turn): string | undefined {
  if (state === 'stopped') return 'You stopped this answer.';
  if (state !== 'complete') return undefined;
  if (finishReason === 'length') return 'The answer was cut at the length limit.';
  if (finishReason === 'content_filter') return 'The moderation policy stopped this answer.';
  return generator === 'extractive' && sources.length > 0
    ? 'Extracts from the documents: no language model is set.'
    : undefined;
}
