import type { EventData, events } from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';

/** How an answer ended; every answer ends once. */
export type Outcome = EventData<typeof events.answerCompleted>['outcome'];

/**
 * Where an answer is: its question is checked and looked up, a back end is being reached, has taken it and said nothing yet,
 * the answer is told; or how it ended.
 */
export type AnswerPhase = NonNullable<EventData<typeof events.answerCompleted>['phase']> | Outcome;

const endings = ['complete', 'truncated', 'suppressed', 'cancelled', 'failed'] as const;

const next: Readonly<Record<AnswerPhase, readonly AnswerPhase[]>> = {
  // A blocked question ends suppressed before anything was asked; extracts are made here.
  admitted: ['connecting', 'awaiting_first_token', 'suppressed', 'cancelled', 'failed'],
  // When a back end fails before it said anything, another is asked; some do not say that they have taken it.
  connecting: ['connecting', 'awaiting_first_token', 'streaming', ...endings],
  awaiting_first_token: ['connecting', 'streaming', ...endings],
  streaming: endings,
  complete: [],
  truncated: [],
  suppressed: [],
  cancelled: [],
  failed: [],
};

/** The one place that knows which phase may follow which. */
export class AnswerState {
  private current: AnswerPhase = 'admitted';

  get phase(): AnswerPhase {
    return this.current;
  }

  get isOver(): boolean {
    return next[this.current].length === 0;
  }

  enter(phase: AnswerPhase): void {
    if (!next[this.current].includes(phase)) throw new Error(`an answer ${this.current} cannot be ${phase}`);
    this.current = phase;
  }
}

export const outcomeOf: Readonly<Record<FinishReason, Outcome>> = {
  stop: 'complete',
  tool_calls: 'complete',
  length: 'truncated',
  content_filter: 'suppressed',
};
