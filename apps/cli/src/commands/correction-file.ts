import { open, rm } from 'node:fs/promises';
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

export interface Corrections {
  readonly all: readonly Correction[];
  /** Where the correction of a letter stands in the file, from 1. */
  readonly lineOf: ReadonlyMap<string, number>;
}

/**
 * What `replay --from` reads: `id`, `event` and `tenant` of every line. Throws `UsageError` that names each line that is
 * not right yet.
 */
export async function readCorrections(path: string): Promise<Corrections> {
  const wrong: string[] = [];
  const lineOf = new Map<string, number>();
  const all = (await readJsonLines(path)).flatMap(({ number, value }) => {
    const refuse = (why: string | undefined): [] => (wrong.push(`line ${number}: ${why}`), []);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return refuse('no JSON object; a letter has one line');
    const { id, event, tenant } = value as Partial<Correction>;
    const { data, error } = correction.safeParse({ id, event, ...(tenant !== undefined && { tenant }) });
    if (!data) return refuse(complaint(error).detail);
    const first = lineOf.get(data.id);
    if (first !== undefined) return refuse(`the letter of line ${first} again`);
    lineOf.set(data.id, number);
    return [data];
  });
  if (wrong.length > 0) throw new UsageError(told(path, wrong));
  if (all.length === 0) throw new UsageError(`${path} has no lines.`);
  return { all, lineOf };
}

const mostShown = 20;

function told(path: string, wrong: readonly string[]): string {
  const more = wrong.length > mostShown ? [`and ${wrong.length - mostShown} more`] : [];
  const head = `${path}: ${count(wrong.length, 'line')} not right yet, nothing was sent.`;
  return [head, ...wrong.slice(0, mostShown), ...more].join('\n');
}
