import {
  calls,
  MillraceError,
  type CallInput,
  type CallOutput,
  type ChatCompletionRequest,
  type StatedPolicy,
} from '@millrace/contracts';
import type { Caller } from '@millrace/platform';
import type { AnswerRecord } from '../answers/answer-record.ts';
import type { Moderate } from './held-text.ts';
import { SaidText } from './said-text.ts';

export interface ModeratedAnswer {
  readonly tenant: string;
  readonly record: AnswerRecord;
  /** Characters that the user may say in one request. */
  readonly maxChars: number;
  readonly signal: AbortSignal;
}

/** Moderation of one question and its answer, by the policy that held when it was asked, to its end. */
export class AnswerModeration {
  private policy: StatedPolicy | undefined;

  constructor(
    private readonly caller: Caller,
    private readonly of: ModeratedAnswer,
  ) {}

  /** The request as it may be answered, what the policy redacts replaced. Rejects with `content_blocked` and `input_too_long`. */
  async question(request: ChatCompletionRequest): Promise<ChatCompletionRequest> {
    const { tenant, maxChars } = this.of;
    const said = new SaidText(request.messages);
    const { text } = said;
    if (text.length > maxChars)
      throw new MillraceError('input_too_long', {
        param: 'messages',
        detail: `${text.length} characters; the limit is ${maxChars}`,
      });
    const verdict = await this.ask(calls.moderate.input.parse({ tenant, direction: 'input', text }));
    this.policy = verdict.policy;
    if (verdict.action === 'block') throw new MillraceError('content_blocked', { param: 'messages' });
    const { redactions = [] } = verdict;
    return redactions.length > 0 ? { ...request, messages: said.with(redactions) } : request;
  }

  /** The policy that holds; undefined before the question was moderated. */
  get version(): string | undefined {
    return this.policy?.version;
  }

  /** Of what leaves. */
  answer(until: AbortSignal): Moderate {
    return (input) => this.ask({ ...input, policy: this.policy }, until);
  }

  private async ask(
    input: CallInput<typeof calls.moderate>,
    signal = this.of.signal,
  ): Promise<CallOutput<typeof calls.moderate>> {
    const { record } = this.of;
    const verdict = await this.caller.call(calls.moderate, input, { signal });
    record.moderated(input.direction === 'input' ? 'input' : 'output', verdict);
    return verdict;
  }
}
