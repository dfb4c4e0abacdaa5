import type { GenerationDelta } from '@millrace/ports';
import {
  checkIndex,
  checkList,
  checkText,
  isAbsent,
  isObject,
  misshapen,
  type Choice,
  type ChoiceFormat,
  type Fields,
} from './completion-chunk.ts';

interface Delta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  /** `reasoning_content`: DeepSeek, vLLM; `reasoning`: Ollama, OpenRouter. */
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly ToolCall[] | null;
}

interface ToolCall {
  readonly index?: number;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: string | null } | null;
}

function check(choice: Fields): void {
  const delta = choice['delta'] ?? {};
  if (!isObject(delta) || isWhole(choice)) throw misshapen('delta');
  for (const name of texts) checkText(name, delta[name]);
  checkList('tool_calls', delta['tool_calls'], checkToolCall);
}

/** Of an answer that is no stream: what it says would be lost, and its finish reason believed. */
const isWhole = ({ delta, message, text }: Fields): boolean =>
  isAbsent(delta) && !(isAbsent(message) && isAbsent(text));

const texts = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const;

function checkToolCall(call: Fields): void {
  checkIndex('tool_calls.index', call['index']);
  checkText('tool_calls.id', call['id']);
  const called = call['function'] ?? {};
  if (!isObject(called)) throw misshapen('tool_calls.function');
  checkText('tool_calls.function.name', called['name']);
  checkText('tool_calls.function.arguments', called['arguments']);
}

function deltaOf(choice: Choice): GenerationDelta | undefined {
  const delta: Delta = choice['delta'] ?? {};
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

/** As chats are streamed: what a turn says, and the tools that it calls. */
export const chatChoice: ChoiceFormat = { check, deltaOf };
