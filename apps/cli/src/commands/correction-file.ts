import { writeFile } from 'node:fs/promises';
import { complaint, correction, type Correction, type wholeDeadLetter } from '@millrace/contracts';
import type { z } from 'zod';
import { UsageError } from '../errors.ts';
import { count } from '../output/printable.ts';
import { readJsonLines } from './json-lines.ts';
import { eventOf } from './letter-event.ts';

/** Dead letters to be put right, a JSON object a line. Throws `UsageError` when the file is there already. */
export async function writeLetters(
  path: string,
  letters: readonly z.infer<typeof wholeDeadLetter>[],
): Promise<void> {
  const lines = letters.map((letter) => {
    const { id, tenant, key, reason } = letter;
    return `${JSON.stringify({ id, tenant, key, reason, event: eventOf(letter) })}\n`;
  });
  await writeFile(path, lines.join(''), { flag: 'wx' }).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
  });
}

/** What `replay --from` reads: `id` and `event` of every line. Throws `UsageError` that names each line that is not right yet. */
export async function readCorrections(path: string): Promise<Correction[]> {
  const wrong: string[] = [];
  const corrections = (await readJsonLines(path)).flatMap(({ number, value }) => {
    const { id, event } = (value ?? {}) as Partial<Correction>;
    const { data, error } = correction.safeParse({ id, event });
    if (error) wrong.push(`line ${number}: ${complaint(error).detail}`);
    return data ? [data] : [];
  });
  if (wrong.length > 0) {
    const more = wrong.length > mostShown ? [`and ${wrong.length - mostShown} more`] : [];
    throw new UsageError(
      [
        `${path}: ${count(wrong.length, 'line')} not right yet, nothing was sent.`,
        ...wrong.slice(0, mostShown),
        ...more,
      ].join('\n'),
    );
  }
  if (corrections.length === 0) throw new UsageError(`${path} has no lines.`);
  return corrections;
}

const mostShown = 20;
