import type { CallInput, CallOutput, calls } from '@millrace/contracts';

export type Moderate = (
  input: CallInput<typeof calls.moderate>,
) => Promise<CallOutput<typeof calls.moderate>>;

export interface Released {
  /** What may go out now. */
  readonly text: string;
  /** Nothing more may follow. */
  readonly blocked: boolean;
}

/**
 * Lets the text of a stream through moderation: holds back what a longer match could still begin in, so that what goes
 * out does not depend on how the stream was cut. At most what moderation asks for is held.
 */
export class HeldText {
  private held = '';
  private context: CallOutput<typeof calls.moderate>['next'];

  constructor(
    private readonly tenant: string,
    private readonly moderate: Moderate,
    encoding: 'text' | 'json',
  ) {
    this.context = { preceding: '', encoding };
  }

  /** More text came; `final`: no more will. */
  async push(text: string, final: boolean): Promise<Released> {
    this.held += text;
    const { tenant, held, context } = this;
    const isJudgedWhole = !final || !context.unclassified;
    if (held === '' && isJudgedWhole) return { text: '', blocked: false };
    const verdict = await this.moderate({ tenant, direction: 'output', ...context, text: held, final });
    this.context = verdict.next;
    this.held = held.slice(verdict.holdFrom);
    return { text: verdict.text, blocked: verdict.action === 'block' };
  }
}
