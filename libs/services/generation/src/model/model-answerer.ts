import { MillraceError, type ChatCompletionRequest } from '@millrace/contracts';
import type { ChatMessage, GenerationDelta, GenerationPart, TextToContinue } from '@millrace/ports';
import { estimateTokens, type AnswerPart, type Usage } from '../answers/answer-part.ts';
import { questionIn } from '../lookup/message-text.ts';
import { ToolCalls, type ToolCallDelta } from './tool-calls.ts';
import type { Attempts } from '../traffic/attempts.ts';
import type { Routed } from '../traffic/traffic.ts';

/** Fields that steer Millrace, or that it sets itself. */
const own = new Set(['model', 'messages', 'stream', 'stream_options', 'millrace', 'n', 'service_tier']);
/** Fields whose answers cannot be moderated. */
const refused = ['functions', 'function_call', 'logprobs', 'top_logprobs', 'audio', 'modalities'];

/** What of a request a back end is given beside what is said. */
export const parametersOf = (request: ChatCompletionRequest): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(request).filter(([name]) => !own.has(name)));

export function refuseUnsupported(request: ChatCompletionRequest): void {
  const param = refused.find((name) => !isUsual(request[name]));
  if (param !== undefined) throw new MillraceError('unsupported_parameter', { param });
}

/** Said, but no more than what holds anyway. */
export const isUsual = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (Array.isArray(value) && value.every((modality) => modality === 'text'));

/** Nothing could be looked up, and the model would be told that nothing was found. */
export function refuseNothingAsked({ messages, millrace }: ChatCompletionRequest): void {
  if (millrace?.retrieval !== false && questionIn(messages) === '')
    throw new MillraceError('invalid_request', {
      param: 'messages',
      detail: 'the user says nothing in words; to ask without documents set millrace.retrieval to false',
    });
}

export interface ModelQuestion {
  readonly messages: readonly ChatMessage[];
  readonly request: ChatCompletionRequest;
  /** In place of the messages, which say the same. */
  readonly text?: TextToContinue | undefined;
}

/** Streams a language model's answer. Ends with `end`, or rejects. */
export async function* modelAnswer(
  routed: Routed,
  { messages, request, text }: ModelQuestion,
  attempts: Attempts,
  signal: AbortSignal,
): AsyncGenerator<AnswerPart> {
  const parameters = parametersOf(request);
  const tools = new ToolCalls(request['tools']);
  let chars = 0;
  for await (const part of routed.generate({ ...(text ?? { messages }), parameters }, signal, attempts)) {
    if (part.type === 'start') yield part;
    if (part.type === 'delta' && part.choice === 0)
      for (const piece of piecesOf(part.delta, tools)) {
        if (piece.type === 'text') chars += piece.text.length;
        yield piece;
      }
    if (part.type === 'end')
      yield { type: 'end', reason: part.finishReasons[0]!, usage: usageOf(part, messages, chars) };
  }
}

function* piecesOf(
  { reasoning, content, refusal, toolCalls }: GenerationDelta,
  tools: ToolCalls,
): Iterable<AnswerPart> {
  if (reasoning) yield { type: 'text', channel: 'reasoning', text: reasoning };
  if (content) yield { type: 'text', channel: 'content', text: content };
  if (refusal) yield { type: 'text', channel: 'refusal', text: refusal };
  for (const call of toolCalls ?? []) yield* tools.partsOf(call as ToolCallDelta);
}

function usageOf(
  { usage }: Extract<GenerationPart, { type: 'end' }>,
  messages: readonly ChatMessage[],
  chars: number,
): Usage {
  if (usage) return { ...usage, estimated: false };
  return {
    promptTokens: estimateTokens(charsIn(messages)),
    completionTokens: estimateTokens(chars),
    estimated: true,
  };
}

export const charsIn = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + textOf(content).length, 0);

const textOf = (content: unknown): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('');
};
