import {
  moderationActions,
  type CallOutput,
  type calls,
  type ErrorCode,
  type EventData,
  type events,
  type Groundedness,
  type Unanswered,
} from '@millrace/contracts';
import type { BackEnd, FinishReason, Price } from '@millrace/ports';
import { estimateTokens, type Source, type Usage } from './answer-part.ts';
import { v7 as uuid } from 'uuid';
import type { Admitted } from '../admission/admission.ts';
import { spendOn } from '../admission/cost.ts';
import { AnswerState, outcomeOf, type Outcome } from './answer-state.ts';
import type { Attempts } from '../traffic/attempts.ts';

type Completed = EventData<typeof events.answerCompleted>;
type Finding = NonNullable<Completed['findings']>[number];
type Verdict = Pick<CallOutput<typeof calls.moderate>, 'findings' | 'policy'>;

/** What is noted of one answer while it is made; becomes exactly one `generation.answer.completed.v1`. No content. */
export class AnswerRecord implements Attempts {
  model = '';
  backend = '';
  /** Of the back end. */
  price: Price | undefined;
  sources: readonly Source[] = [];
  /** Characters given to the model, for the estimate when nobody counts. */
  promptChars = 0;
  /** How far what was found takes up the question, where it was judged. */
  support: number | undefined;
  unanswered: Unanswered | undefined;
  private groundedness: Groundedness | undefined;
  private readonly answer = uuid();
  private readonly state = new AnswerState();
  private reached: NonNullable<Completed['phase']> = 'admitted';
  private readonly attempts: { readonly backend: string; error?: ErrorCode }[] = [];
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

  connecting({ name, price }: BackEnd): void {
    this.backend = name;
    this.price = price;
    this.attempts.push({ backend: name });
    this.enter('connecting');
  }

  connected(): void {
    this.enter('awaiting_first_token');
  }

  failed(code: ErrorCode): void {
    this.attempts.at(-1)!.error = code;
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
    this.state.enter(outcomeOf[reason]);
  }

  /** It broke off; what was over already stays as it ended. */
  brokeOff(outcome: Extract<Outcome, 'cancelled' | 'failed' | 'suppressed'>): void {
    if (!this.state.isOver) this.state.enter(outcome);
  }

  /** The answer's own: counted by the back end, or estimated from what went in and out: cancelled answers cost as well. */
  get counted(): Usage {
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
      ...(this.price && { cost: spendOn(this.used, this.price) / 1e6 }),
      findings: [...this.findings.values()],
      tier,
      ...(this.policy !== undefined && { policy: this.policy }),
      ...(support !== undefined && { support }),
      ...(unanswered && { unanswered }),
      ...(groundedness && { groundedness }),
      at: new Date().toISOString(),
    };
  }

  private enter(phase: NonNullable<Completed['phase']>): void {
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

const sumOf = (a: Usage, b: Usage): Usage => ({
  promptTokens: a.promptTokens + b.promptTokens,
  completionTokens: a.completionTokens + b.completionTokens,
  estimated: a.estimated || b.estimated,
});
