import { MillraceError } from '@millrace/contracts';
import type { GenerationDelta, GenerationPart } from '@millrace/ports';
import { messageIn, shorten } from './backend-failure.ts';

interface Chunk {
  readonly model?: unknown;
  readonly error?: unknown;
  readonly object?: unknown;
  readonly choices?: readonly Choice[] | null;
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
}

interface Choice {
  readonly index?: number;
  readonly delta?: Delta | null;
  readonly finish_reason?: string | null;
}

interface Delta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  /** `reasoning_content`: DeepSeek, vLLM; `reasoning`: Ollama, OpenRouter. */
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly unknown[] | null;
}

/** Turns the events of one streamed chat completion into parts, and knows whether it is complete. */
export class CompletionReader {
  private readonly finishReasons = new Map<number, string>();
  private readonly open = new Set<number>();
  private usage: Extract<GenerationPart, { type: 'end' }>['usage'];
  private hasBegun = false;
  private isDone = false;

  /** `hideKey` cleans messages of the server. */
  constructor(private readonly hideKey: (message: string) => string) {}

  get begun(): boolean {
    return this.hasBegun;
  }

  /** Every choice that began has its finish reason: only the usage may still come. */
  get finished(): boolean {
    return this.finishReasons.size > 0 && this.open.size === 0;
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

  /** The end part; throws when the stream ended without being complete. */
  end(): GenerationPart {
    if (!this.finished && !(this.isDone && this.hasBegun))
      throw new MillraceError('backend_error', { detail: 'its stream ended before the answer was complete' });
    const finishReasons = [...this.finishReasons].sort(([a], [b]) => a - b).map(([, reason]) => reason);
    return { type: 'end', finishReasons: finishReasons.length ? finishReasons : ['stop'], usage: this.usage };
  }

  private *readChoice({ index = 0, delta, finish_reason }: Choice): Generator<GenerationPart> {
    if (!this.finishReasons.has(index)) this.open.add(index);
    const part = toDelta(delta ?? {});
    if (part) yield { type: 'delta', choice: index, delta: part };
    if (typeof finish_reason !== 'string') return;
    this.finishReasons.set(index, finish_reason);
    this.open.delete(index);
  }

  private parse(data: string): Chunk {
    let chunk: Chunk | null;
    try {
      chunk = JSON.parse(data) as Chunk | null;
    } catch (cause) {
      throw new MillraceError('backend_error', { detail: 'an event of its stream is not JSON', cause });
    }
    if (typeof chunk !== 'object' || chunk === null || (chunk.choices && !Array.isArray(chunk.choices)))
      throw new MillraceError('backend_error', { detail: 'an event of its stream has no known shape' });
    if (chunk.error || chunk.object === 'error')
      throw new MillraceError('backend_error', { detail: shorten(this.hideKey(messageIn(chunk))) });
    return chunk;
  }

  /** Some servers send usage with every chunk: the last one counts. */
  private noteUsage({ usage }: Chunk): void {
    if (typeof usage?.prompt_tokens !== 'number') return;
    this.usage = { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens ?? 0 };
  }
}

function toDelta(delta: Delta): GenerationDelta | undefined {
  const reasoning = delta.reasoning_content ?? delta.reasoning;
  const { content, refusal, tool_calls: toolCalls } = delta;
  if (!content && !refusal && !reasoning && !toolCalls?.length) return undefined;
  return {
    ...(content && { content }),
    ...(reasoning && { reasoning }),
    ...(refusal && { refusal }),
    ...(toolCalls?.length && { toolCalls }),
  };
}
