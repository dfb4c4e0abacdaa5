import { open, rm, stat } from 'node:fs/promises';
import { complaint, correction, type Correction, type wholeDeadLetter } from '@millrace/contracts';
import type { z } from 'zod';
import { UsageError } from '../errors.ts';
import { count } from '../output/printable.ts';
import { readJsonLines } from './json-lines.ts';
import { eventOf } from './letter-event.ts';

/**
 * Writes dead letters to be put right, a JSON object a line, as they come: of all of them there may be more than fits into
 * memory. Returns how many; what could not be written whole is no file. Throws `UsageError` when it is there already.
 */
export async function writeLetters(
  path: string,
  letters: AsyncIterable<z.infer<typeof wholeDeadLetter>>,
): Promise<number> {
  // They hold what tenants pushed.
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  });
  let written = 0;
  try {
    for await (const letter of letters) {
      const { id, tenant, key, reason } = letter;
      await file.write(`${JSON.stringify({ id, tenant, key, reason, event: eventOf(letter) })}\n`);
      written += 1;
    }
  } catch (error) {
    await rm(path);
    throw error;
  } finally {
    await file.close();
  }
  return written;
}

/**
 * Where the correction of each letter stands in a file that `replay --from` reads, from 1. Throws `UsageError` that names each
 * line which is not right yet.
 */
export async function checkCorrections(path: string): Promise<ReadonlyMap<string, number>> {
  await refuseStream(path);
  const wrong: string[] = [];
  const lineOf = new Map<string, number>();
  for await (const { number, value } of readJsonLines(path)) {
    const read = correctionIn(value);
    const first = typeof read === 'string' ? undefined : lineOf.get(read.id);
    if (typeof read === 'string') wrong.push(`line ${number}: ${read}`);
    else if (first !== undefined) wrong.push(`line ${number}: the letter of line ${first} again`);
    else lineOf.set(read.id, number);
  }
  if (wrong.length > 0) throw new UsageError(notRightYet(path, wrong));
  if (lineOf.size === 0) throw new UsageError(`${path} has no lines.`);
  return lineOf;
}

/** Of a file that was checked, one at a time. Throws `UsageError` when it has become another. */
export async function* readCorrections(
  path: string,
  lineOf: ReadonlyMap<string, number>,
): AsyncGenerator<Correction> {
  let left = lineOf.size;
  for await (const { number, value } of readJsonLines(path)) {
    const read = correctionIn(value);
    if (typeof read === 'string' || lineOf.get(read.id) !== number) throw changed(path);
    left -= 1;
    yield read;
  }
  if (left !== 0) throw changed(path);
}

const changed = (path: string): UsageError => new UsageError(`${path} changed while it was being sent.`);

/** It is read more than once, which a pipe cannot be. */
async function refuseStream(path: string): Promise<void> {
  const found = await stat(path).catch((error: Error) => {
    throw new UsageError(`${path} cannot be read: ${error.message}`);
  });
  if (!found.isFile())
    throw new UsageError(
      `${path} is no regular file, and is read more than once: write the letters into a file, and give its name.`,
    );
}

/** More than the log takes, and less than a request may have. */
const mostBytes = 15 * 1_048_576;

/** `id`, `event` and `tenant` of a line; or what is wrong with it. */
function correctionIn(value: unknown): Correction | string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'no JSON object; a letter has one line';
  const { id, event, tenant } = value as Partial<Correction>;
  const { data, error } = correction.safeParse({ id, event, ...(tenant !== undefined && { tenant }) });
  if (!data) return complaint(error).detail ?? 'it is no correction';
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes <= mostBytes) return data;
  return `it has ${bytes} bytes, more than the log takes: put the text into the inbox and name it as blob`;
}

export const mostShown = 20;

export function notRightYet(path: string, wrong: readonly string[]): string {
  const more = wrong.length > mostShown ? [`and ${wrong.length - mostShown} more`] : [];
  const head = `${path}: ${count(wrong.length, 'line')} not right yet, nothing was sent.`;
  return [head, ...wrong.slice(0, mostShown), ...more].join('\n');
}
