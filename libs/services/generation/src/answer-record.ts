import type { EventData, events } from '@millrace/contracts';
import { estimateTokens, type FinishReason, type Source, type Usage } from './answer-part.ts';

type Completed = EventData<typeof events.answerCompleted>;
type Outcome = Completed['outcome'];

const outcomes: Record<FinishReason, Outcome> = {
  stop: 'complete',
  length: 'truncated',
  content_filter: 'suppressed',
};

/** What is noted of one answer while it is made; becomes exactly one `generation.answer.completed.v1`. No content. */
export class AnswerRecord {
  model = '';
  backend = '';
  sources: readonly Source[] = [];
  private readonly began = performance.now();
  private outcome: Outcome = 'cancelled';
  private usage: Usage | undefined;
  private chars = 0;
  private firstToken: number | undefined;
  private retrieval: number | undefined;

  constructor(
    private readonly tenant: string,
    private readonly requestId: string,
  ) {}

  retrieved(): void {
    this.retrieval = this.elapsed();
  }

  released(text: string): void {
    this.firstToken ??= this.elapsed();
    this.chars += text.length;
  }

  ended(reason: FinishReason, usage: Usage): void {
    this.outcome = outcomes[reason];
    this.usage = usage;
  }

  failed(): void {
    this.outcome = 'failed';
  }

  /** Counted by the back end, or estimated from what was released: cancelled answers cost as well. */
  get counted(): Usage {
    return this.usage ?? { promptTokens: 0, completionTokens: estimateTokens(this.chars), estimated: true };
  }

  toEvent(): Completed {
    const { tenant, requestId, outcome, model, backend, firstToken, retrieval } = this;
    const sources = this.sources.map(({ passage: { document_id: document, version, score } }) => ({
      document,
      version,
      score,
    }));
    const millis = {
      total: this.elapsed(),
      ...(retrieval !== undefined && { retrieval }),
      ...(firstToken !== undefined && { firstToken }),
    };
    return {
      tenant,
      requestId,
      outcome,
      model,
      backend,
      usage: this.counted,
      millis,
      sources,
      at: new Date().toISOString(),
    };
  }

  private elapsed(): number {
    return performance.now() - this.began;
  }
}
