import {
  moderationActions,
  type CallOutput,
  type calls,
  type ErrorCode,
  type EventData,
  type events,
  type Groundedness,
  type ModerationFinding,
  type Unanswered,
} from '@millrace/contracts';
import type { BackEnd, FinishReason, Price } from '@millrace/ports';
import { estimateTokens, type Source, type Usage } from './answer-part.ts';
import { v7 as uuid } from 'uuid';
import type { Admitted } from '../admission/admission.ts';
import { spendOn } from '../admission/cost.ts';
import { AnswerState, outcomeOf, type Outcome } from './answer-state.ts';
import type { Attempt, Attempts } from '../traffic/attempts.ts';

type Completed = EventData<typeof events.answerCompleted>;
type Finding = NonNullable<Completed['findings']>[number];
interface Tried {
  readonly backend: string;
  error?: ErrorCode;
  outrun?: boolean;
}
type Verdict = Pick<CallOutput<typeof calls.moderate>, 'policy'> & {
  readonly findings: readonly Pick<ModerationFinding, 'category' | 'action'>[];
};

/** What is noted of one answer while it is made; becomes exactly one `generation.answer.completed.v1`. No content. */
export class AnswerRecord implements Attempts {
  model = '';
  backend = '';
  /** Of the back end. */
  price: Price | undefined;
  sources: readonly Source[] = [];
  /** The version of the template by which its prompt was made. */
  prompt: string | undefined;
  /** Set where it was not made for this question: its tokens were not used. */
  given: 'hit' | 'shared' | undefined;
  /** What is made for it, though it ended itself: others may still be told it. */
  made: Promise<void> | undefined;
  /** Of a conversation that was too long. */
  history: Completed['history'];
  /** Characters given to the model, for the estimate when nobody counts. */
  promptChars = 0;
  /** How far what was found takes up the question, where it was judged. */
  support: number | undefined;
  unanswered: Unanswered | undefined;
  private groundedness: Groundedness | undefined;
  private readonly answer = uuid();
  private readonly state = new AnswerState();
  private reached: NonNullable<Completed['phase']> = 'admitted';
  private readonly attempts: Tried[] = [];
  private readonly findings = new Map<string, Finding>();
  private policy: string | undefined;
  private readonly began = performance.now();
  private usage: Usage | undefined;
  /** Beside the answer's own. */
  private also: Usage[] = [];
  /** Characters that the model said, whether or not they left. */
  private chars = 0;
  private firstToken: number | undefined;
  private retrieval: number | undefined;

  constructor(
    private readonly tenant: string,
    private readonly requestId: string,
    readonly admitted: Pick<Admitted, 'tier' | 'waitedMs'>,
  ) {}

  /** What it is answered from was found. */
  lookedUp(): void {
    this.retrieval = this.elapsed();
  }

  connecting(backEnd: BackEnd): Attempt {
    const attempt: Tried = { backend: backEnd.name };
    this.attempts.push(attempt);
    this.answeredBy(backEnd);
    this.enter('connecting');
    return {
      connected: () => this.connected(),
      failed: (code) => void (attempt.outrun || (attempt.error = code)),
      chosen: () => this.answeredBy(backEnd),
      outrun: () => {
        attempt.outrun = true;
        // It has read the question by then, and nobody counts it.
        this.alsoUsed({
          promptTokens: estimateTokens(this.promptChars),
          completionTokens: 0,
          estimated: true,
        });
      },
    };
  }

  /** Of two that are asked at once, one may take it when the other has, or says something already. */
  connected(): void {
    if (this.reached === 'admitted' || this.reached === 'connecting') this.enter('awaiting_first_token');
  }

  /** What moderation found, and by which policy. */
  moderated(direction: Finding['direction'], { findings, policy }: Verdict): void {
    this.policy ??= policy?.version;
    for (const { category, action } of findings) {
      const place = `${direction} ${category}`;
      const before = this.findings.get(place)?.action;
      this.findings.set(place, { direction, category, action: stronger(action, before) });
    }
  }

  /** Tokens of another call that was made for this answer. */
  alsoUsed(usage: Usage): void {
    this.also.push(usage);
  }

  /** From the model; moderation has not seen it yet. */
  received(text: string): void {
    this.chars += text.length;
  }

  /** Text leaves. */
  released(): void {
    if (this.firstToken !== undefined) return;
    this.firstToken = this.elapsed();
    this.enter('streaming');
  }

  ended(reason: FinishReason, usage: Usage, groundedness?: Groundedness): void {
    this.usage = usage;
    this.groundedness = groundedness;
    if (!this.state.isOver) this.state.enter(outcomeOf[reason]);
  }

  /** It broke off; what was over already stays as it ended. */
  brokeOff(outcome: Extract<Outcome, 'cancelled' | 'failed' | 'suppressed'>): void {
    if (!this.state.isOver) this.state.enter(outcome);
  }

  /** The answer's own: counted by the back end, or estimated from what went in and out: cancelled answers cost as well. */
  get counted(): Usage {
    if (this.given) return nothing;
    return (
      this.usage ?? {
        promptTokens: estimateTokens(this.promptChars),
        completionTokens: estimateTokens(this.chars),
        estimated: true,
      }
    );
  }

  /** With what was used beside it. */
  get used(): Usage {
    return [this.counted, ...this.also].reduce(sumOf, nothing);
  }

  toEvent(): Completed {
    const { tenant, requestId, model, backend, firstToken, retrieval, support, unanswered, groundedness } =
      this;
    const { tier, waitedMs: waited } = this.admitted;
    const sources = this.sources.map(({ passage: { document_id: document, version, score } }) => ({
      document,
      version,
      score,
    }));
    const millis = {
      ...{ total: this.elapsed(), waited },
      ...(retrieval !== undefined && { retrieval }),
      ...(firstToken !== undefined && { firstToken }),
    };
    return {
      tenant,
      requestId,
      outcome: this.state.phase as Outcome,
      model,
      backend,
      usage: this.used,
      millis,
      sources,
      answer: this.answer,
      phase: this.reached,
      attempts: this.attempts,
      ...(this.given && { cached: { by: this.given, ...tokensOf(this.usage) } }),
      ...(this.price && { cost: spendOn(this.used, this.price) / 1e6 }),
      ...(this.prompt !== undefined && { prompt: this.prompt }),
      findings: [...this.findings.values()],
      tier,
      ...(this.policy !== undefined && { policy: this.policy }),
      ...(this.history && { history: this.history }),
      ...(support !== undefined && { support }),
      ...(unanswered && { unanswered }),
      ...(groundedness && { groundedness }),
      at: new Date().toISOString(),
    };
  }

  private answeredBy({ name, price }: BackEnd): void {
    this.backend = name;
    this.price = price;
  }

  /** What goes on for others moves one that is over no more. */
  private enter(phase: NonNullable<Completed['phase']>): void {
    if (this.state.isOver) return;
    this.state.enter(phase);
    this.reached = phase;
  }

  private elapsed(): number {
    return performance.now() - this.began;
  }
}

function stronger(
  action: NonNullable<Finding['action']>,
  before: Finding['action'],
): NonNullable<Finding['action']> {
  const strength = (one: Finding['action']): number => (one ? moderationActions.indexOf(one) : -1);
  return before && strength(before) > strength(action) ? before : action;
}
const nothing: Usage = { promptTokens: 0, completionTokens: 0, estimated: false };

const tokensOf = ({ promptTokens, completionTokens }: Usage = nothing) => ({
  promptTokens,
  completionTokens,
});

const sumOf = (a: Usage, b: Usage): Usage => ({
  promptTokens: a.promptTokens + b.promptTokens,
  completionTokens: a.completionTokens + b.completionTokens,
  estimated: a.estimated || b.estimated,
});
