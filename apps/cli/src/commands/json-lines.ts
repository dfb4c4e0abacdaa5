import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { UsageError } from '../errors.ts';

export interface JsonLine {
  /** From 1. */
  readonly number: number;
  /** Undefined where the line is no JSON. */
  readonly value: unknown;
}

/** The lines of a file that are not empty, one at a time: all of them may not fit into memory. Throws `UsageError`. */
export async function* readJsonLines(path: string): AsyncGenerator<JsonLine> {
  const file = createReadStream(path, 'utf8');
  const failed = new Promise<never>((_, reject) =>
    file.once('error', (error) => reject(new UsageError(`${path} cannot be read: ${error.message}`))),
  );
  failed.catch(() => undefined);
  const lines = createInterface({ input: file, crlfDelay: Infinity })[Symbol.asyncIterator]();
  try {
    for (let number = 1; ; number++) {
      const { done, value } = await Promise.race([lines.next(), failed]);
      if (done) return;
      const line = number === 1 ? value.replace(/^\ufeff/, '') : value;
      if (line.trim() !== '') yield { number, value: jsonOf(line) };
    }
  } finally {
    file.destroy();
  }
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
