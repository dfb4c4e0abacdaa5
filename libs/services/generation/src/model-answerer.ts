import { MillraceError, type ChatCompletionRequest } from '@millrace/contracts';
import type { ChatMessage, Generator } from '@millrace/ports';
import { estimateTokens, type AnswerPart, type FinishReason } from './answer-part.ts';

/** Fields that steer Millrace, or that it sets itself. */
const own = new Set(['model', 'messages', 'stream', 'stream_options', 'millrace', 'n']);
/** Fields whose answers this version cannot moderate. */
const refused = [
  'tools',
  'tool_choice',
  'functions',
  'function_call',
  'logprobs',
  'top_logprobs',
  'audio',
  'modalities',
];

export function refuseUnsupported(request: ChatCompletionRequest): void {
  const param = refused.find(
    (name) => request[name] !== undefined && request[name] !== null && request[name] !== false,
  );
  if (param !== undefined) throw new MillraceError('unsupported_parameter', { param });
}

/** Streams a language model's answer. Ends with `end`, or rejects. */
export async function* modelAnswer(
  generator: Generator,
  request: ChatCompletionRequest,
  model: string | undefined,
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): AsyncGenerator<AnswerPart> {
  const parameters = Object.fromEntries(Object.entries(request).filter(([name]) => !own.has(name)));
  let chars = 0;
  for await (const part of generator.generate({ model, messages, parameters }, signal)) {
    if (part.type === 'delta') {
      const text = part.delta.content ?? part.delta.refusal ?? '';
      chars += text.length;
      if (text !== '') yield { type: 'text', text };
    } else if (part.type === 'end') {
      const counted = part.usage && { ...part.usage, estimated: false };
      const usage = counted ?? {
        promptTokens: estimateTokens(JSON.stringify(messages).length),
        completionTokens: estimateTokens(chars),
        estimated: true,
      };
      yield { type: 'end', reason: reasonOf(part.finishReasons[0]), usage };
    }
  }
}

const reasonOf = (said: string | undefined): FinishReason =>
  said === 'length' || said === 'content_filter' ? said : 'stop';
