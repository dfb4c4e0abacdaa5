import { MillraceError } from '@millrace/contracts';

/** One event of a streamed chat completion: what is read of it, checked. */
export interface Chunk {
  readonly model?: unknown;
  readonly error?: unknown;
  readonly object?: unknown;
  readonly code?: unknown;
  readonly choices?: readonly Choice[] | null;
  readonly usage?: { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown } | null;
}

export interface Choice {
  readonly index?: number;
  readonly delta?: Delta | null;
  readonly finish_reason?: string | null;
}

export interface Delta {
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

/** Choices and tool calls of one answer; OpenAI's own limit for both. */
const most = 128;

/** The event, or `backend_error` where what is read of it is of another type. By hand: this runs for every token. */
export function parseChunk(data: string): Chunk {
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch (cause) {
    throw new MillraceError('backend_error', { detail: 'an event of its stream is not JSON', cause });
  }
  if (!isObject(chunk)) throw misshapen('the event');
  checkList('choices', chunk['choices'], checkChoice);
  if (!isObject(chunk['usage'] ?? {})) throw misshapen('usage');
  return chunk;
}

function checkChoice(choice: Fields): void {
  checkIndex('choices.index', choice['index']);
  checkText('finish_reason', choice['finish_reason']);
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

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function checkList(name: string, list: unknown, check: (item: Fields) => void): void {
  if (isAbsent(list)) return;
  if (!Array.isArray(list) || list.length > most) throw misshapen(name);
  for (const item of list as unknown[]) {
    if (!isObject(item)) throw misshapen(name);
    check(item);
  }
}

function checkIndex(name: string, index: unknown): void {
  if (index === undefined) return;
  if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= most) throw misshapen(name);
}

function checkText(name: string, text: unknown): void {
  if (!isAbsent(text) && typeof text !== 'string') throw misshapen(name);
}

const misshapen = (name: string): MillraceError =>
  new MillraceError('backend_error', { detail: `an event of its stream has no known shape: ${name}` });
