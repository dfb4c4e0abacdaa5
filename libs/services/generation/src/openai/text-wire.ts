import type { Completion, CompletionChunk } from '@millrace/contracts';
import type { FinishReason } from '@millrace/ports';
import type { Answer } from '../answers/answer.ts';
import { now, openAiUsage, provenanceOf, type Start } from './openai-wire.ts';

const idOf = (requestId: string): string => `cmpl-${requestId}`;

/** A text calls no tools: a server that says so means that it is at its end. */
const finishReasonOf = (reason: FinishReason) => (reason === 'tool_calls' ? 'stop' : reason);

/** The whole text as one OpenAI completion. */
export async function textCompletion(answer: AsyncIterable<Answer>, requestId: string): Promise<Completion> {
  let text = '';
  let start: Start = { type: 'start', model: '', generator: 'model' };
  for await (const part of answer) {
    if (part.type === 'start') start = part;
    if (part.type === 'text') text += part.text;
    if (part.type === 'end')
      return {
        id: idOf(requestId),
        object: 'text_completion',
        created: now(),
        model: start.model,
        choices: [{ index: 0, text, logprobs: null, finish_reason: finishReasonOf(part.reason) }],
        usage: openAiUsage(part.usage),
        millrace: { ...provenanceOf(start), usage_estimated: part.usage.estimated },
      };
  }
  throw new Error('an answer without an end');
}

/** OpenAI's frames: who continues it, the text, the finish reason, and the usage where it was asked for. */
export async function* textCompletionFrames(
  answer: AsyncIterable<Answer>,
  requestId: string,
  withUsage: boolean,
): AsyncGenerator<CompletionChunk> {
  const head = { id: idOf(requestId), object: 'text_completion' as const, created: now(), model: '' };
  const frame = (
    text: string,
    finish_reason: CompletionChunk['choices'][number]['finish_reason'] = null,
  ): CompletionChunk => ({
    ...head,
    choices: [{ index: 0, text, logprobs: null, finish_reason }],
    ...(withUsage && { usage: null }),
  });
  for await (const part of answer)
    if (part.type === 'start') {
      head.model = part.model;
      yield { ...frame(''), millrace: provenanceOf(part) };
    } else if (part.type === 'text') yield frame(part.text);
    else if (part.type === 'end') {
      yield frame('', finishReasonOf(part.reason));
      if (withUsage) yield { ...head, choices: [], usage: openAiUsage(part.usage) };
    }
}
