import { MillraceError } from '@millrace/contracts';
import type { GenerationDelta } from '@millrace/ports';

/** One event of a streamed completion: what is read of it, checked. */
export interface Chunk {
  readonly model?: unknown;
  readonly error?: unknown;
  readonly object?: unknown;
  readonly code?: unknown;
  readonly choices?: readonly Choice[] | null;
  readonly usage?: Usage | null;
}

/** Of these nothing is checked: what is no count is nothing said. */
export interface Usage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly prompt_tokens_details?: { readonly cached_tokens?: unknown } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: unknown } | null;
}

/** What differs between the streams of chats and of continued texts. */
export interface ChoiceFormat {
  /** Throws `backend_error` where something of it is of another type. */
  readonly check: (choice: Fields) => void;
  readonly deltaOf: (choice: Choice) => GenerationDelta | undefined;
}

/** As its format has checked it. */
export interface Choice {
  readonly index?: number;
  readonly finish_reason?: string | null;
  readonly [field: string]: unknown;
}

/** Choices and tool calls of one answer; OpenAI's own limit for both. */
const most = 128;

/** The event, or `backend_error` where what is read of it is of another type. By hand: this runs for every token. */
export function parseChunk(data: string, checkChoice: ChoiceFormat['check']): Chunk {
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch (cause) {
    throw new MillraceError('backend_error', { detail: 'an event of its stream is not JSON', cause });
  }
  if (!isObject(chunk)) throw misshapen('the event');
  checkList('choices', chunk['choices'], (choice) => {
    checkIndex('choices.index', choice['index']);
    checkText('finish_reason', choice['finish_reason']);
    checkChoice(choice);
  });
  if (!isObject(chunk['usage'] ?? {})) throw misshapen('usage');
  return chunk;
}

export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isAbsent = (value: unknown): boolean => value === undefined || value === null;

export function checkList(name: string, list: unknown, check: (item: Fields) => void): void {
  if (isAbsent(list)) return;
  if (!Array.isArray(list) || list.length > most) throw misshapen(name);
  for (const item of list as unknown[]) {
    if (!isObject(item)) throw misshapen(name);
    check(item);
  }
}

export function checkIndex(name: string, index: unknown): void {
  if (index === undefined) return;
  if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= most) throw misshapen(name);
}

export function checkText(name: string, text: unknown): void {
  if (!isAbsent(text) && typeof text !== 'string') throw misshapen(name);
}

export const misshapen = (name: string): MillraceError =>
  new MillraceError('backend_error', { detail: `an event of its stream has no known shape: ${name}` });
