import type { EventData, events } from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';

/** How an answer ended; every answer ends once. */
export type Outcome = EventData<typeof events.answerCompleted>['outcome'];

/** Where an answer is: checked and looked up, waiting for its first words, being told; or how it ended. */
export type AnswerPhase = 'preparing' | 'waiting' | 'telling' | Outcome;

const endings = ['complete', 'truncated', 'suppressed', 'cancelled', 'failed'] as const;

const next: Readonly<Record<AnswerPhase, readonly AnswerPhase[]>> = {
  // A blocked question ends suppressed before anything was asked.
  preparing: ['waiting', 'suppressed', 'cancelled', 'failed'],
  waiting: ['telling', ...endings],
  telling: endings,
  complete: [],
  truncated: [],
  suppressed: [],
  cancelled: [],
  failed: [],
};

/** The one place that knows which phase may follow which. */
export class AnswerState {
  private current: AnswerPhase = 'preparing';

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
