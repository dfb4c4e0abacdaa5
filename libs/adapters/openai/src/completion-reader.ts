import { MillraceError } from '@millrace/contracts';
import type { FinishReason, GenerationPart } from '@millrace/ports';
import { eventFailure, messageIn } from './backend-failure.ts';
import { parseChunk, type Choice, type ChoiceFormat, type Chunk } from './completion-chunk.ts';
import { finishReasonOf } from './finish-reasons.ts';

/** Turns the events of one streamed completion into parts, and knows whether it is complete. */
export class CompletionReader {
  private readonly finishReasons = new Map<number, FinishReason>();
  private readonly open = new Set<number>();
  private usage: Extract<GenerationPart, { type: 'end' }>['usage'];
  private hasBegun = false;
  private isDone = false;

  /** `hideKey` cleans messages of the server. */
  constructor(
    private readonly format: ChoiceFormat,
    private readonly hideKey: (message: string) => string,
  ) {}

  /** The choice that was asked for has its finish reason, as has every other that began: only the usage may still come. */
  get finished(): boolean {
    return this.finishReasons.has(0) && this.open.size === 0;
  }

  /** `[DONE]` was read. */
  get done(): boolean {
    return this.isDone;
  }

  *read(data: string): Generator<GenerationPart> {
    if (data === '[DONE]') {
      this.isDone = true;
      return;
    }
    const chunk = this.parse(data);
    if (!this.hasBegun) {
      this.hasBegun = true;
      yield { type: 'start', model: typeof chunk.model === 'string' ? chunk.model : '' };
    }
    this.noteUsage(chunk);
    for (const choice of chunk.choices ?? []) yield* this.readChoice(choice);
  }

  /** The end part; throws when the stream ended without being complete: `[DONE]` alone does not say that it is. */
  end(): GenerationPart {
    if (!this.finished)
      throw new MillraceError('backend_error', { detail: 'its stream ended before the answer was complete' });
    const finishReasons = [...this.finishReasons].sort(([a], [b]) => a - b).map(([, reason]) => reason);
    return { type: 'end', finishReasons, usage: this.usage };
  }

  private *readChoice(choice: Choice): Generator<GenerationPart> {
    const { index = 0, finish_reason } = choice;
    if (!this.finishReasons.has(index)) this.open.add(index);
    const delta = this.format.deltaOf(choice);
    if (delta) yield { type: 'delta', choice: index, delta };
    // Some servers say `""` until it has ended.
    if (!finish_reason) return;
    this.finishReasons.set(index, finishReasonOf(finish_reason));
    this.open.delete(index);
  }

  private parse(data: string): Chunk {
    const chunk = parseChunk(data, this.format.check);
    if (!chunk.error && chunk.object !== 'error') return chunk;
    throw eventFailure(codeIn(chunk), this.hideKey(messageIn(chunk)));
  }

  /** Some servers send usage with every chunk: the last one counts. */
  private noteUsage({ usage }: Chunk): void {
    const { prompt_tokens: promptTokens, completion_tokens } = usage ?? {};
    const completionTokens = completion_tokens ?? 0;
    if (!isCount(promptTokens) || !isCount(completionTokens)) return;
    const cachedTokens = usage?.prompt_tokens_details?.cached_tokens;
    const reasoningTokens = usage?.completion_tokens_details?.reasoning_tokens;
    this.usage = {
      ...{ promptTokens, completionTokens },
      ...(isCount(cachedTokens) && { cachedTokens }),
      ...(isCount(reasoningTokens) && { reasoningTokens }),
    };
  }
}

/** The status that an error in the stream gives itself: `{error:{code}}`, or `{object:'error', code}`. */
const codeIn = ({ error, code }: Chunk): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : code;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
