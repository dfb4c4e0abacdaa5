import { MillraceError } from '@millrace/contracts';
import type { Extract, ReaderContext } from '../extract.ts';
import { TextBuilder } from '../text-builder.ts';

/** Deeper nesting is no document; it would only exhaust the stack. */
const maxDepth = 200;

/**
 * JSON and JSON lines as text: one line a value, named by its path (`address.city: Ghent`), one block a record.
 * A number keeps its spelling, and a name without a value is kept with what stands there: `phone: null`, `tags: []`.
 * Of equal names in one object the last counts, as everywhere in JavaScript.
 */
export function readJson(text: string, { limits }: ReaderContext): Extract {
  const builder = new TextBuilder(limits.maxTextChars);
  const value = parsed(text);
  for (const record of Array.isArray(value) ? (value as unknown[]) : [value]) addRecord(builder, record);
  return builder.build(titleOf(value));
}

function addRecord(builder: TextBuilder, record: unknown): void {
  if (!isObject(record)) return builder.add('list', [...lines(record, '', 0)].join('\n'));
  const flat: string[] = [];
  const flush = (): void => builder.add('list', flat.splice(0).join('\n'));
  for (const [key, value] of Object.entries(record)) {
    const isRecords = Array.isArray(value) && value.length > 1 && value.every(isObject);
    if (!isRecords) for (const line of lines(value, key, 1)) flat.push(line);
    else {
      flush();
      for (const each of value) builder.add('list', [...lines(each, key, 1)].join('\n'));
    }
  }
  flush();
}

function parsed(text: string): unknown {
  try {
    return spelled(text);
  } catch (cause) {
    if (cause instanceof RangeError) throw tooDeep(cause);
    return jsonLines(text, cause);
  }
}

/** One JSON value a line; a last line that was cut off is a damaged file. */
function jsonLines(text: string, cause: unknown): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    if (lines.length > 1) return lines.map(spelled);
  } catch {
    // Neither the one nor the other: the first complaint is the telling one.
  }
  const detail = 'it is neither JSON nor JSON lines';
  throw new MillraceError('unreadable_document', { detail, cause });
}

/** The value with each number as the text spells it: as a double, a long id would be another and 1.10 be 1.1. */
const spelled = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? (context?.source ?? value) : value,
  );

function* lines(value: unknown, path: string, depth: number): Generator<string> {
  if (depth > maxDepth) throw tooDeep();
  if (isEmpty(value)) {
    if (path !== '') yield named(path, JSON.stringify(value));
  } else if (Array.isArray(value)) yield* listLines(value, path, depth);
  else if (isObject(value))
    for (const [key, inner] of Object.entries(value))
      yield* lines(inner, path === '' ? key : `${path}.${key}`, depth + 1);
  else yield named(path, `${value as string | number | boolean}`);
}

/** Plain values stay together on one line; others each get their own lines under the same name. */
function* listLines(values: readonly unknown[], path: string, depth: number): Generator<string> {
  if (values.some((value) => typeof value === 'object' && value !== null))
    for (const value of values) yield* lines(value, path, depth + 1);
  else yield named(path, values.map((value) => (isEmpty(value) ? JSON.stringify(value) : value)).join(', '));
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);

const tooDeep = (cause?: unknown): MillraceError =>
  new MillraceError('nested_too_deeply', { detail: `over ${maxDepth} levels`, cause });

const named = (path: string, text: string): string => (path === '' ? text : `${path}: ${text}`);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const titleOf = (value: unknown): string | undefined =>
  isObject(value) && typeof value['title'] === 'string' ? value['title'] : undefined;
