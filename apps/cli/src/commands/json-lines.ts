import { readFile } from 'node:fs/promises';
import { UsageError } from '../errors.ts';

export interface JsonLine {
  /** From 1. */
  readonly number: number;
  /** Undefined where the line is no JSON. */
  readonly value: unknown;
}

/** The lines of a file that are not empty. Throws `UsageError` when it cannot be read. */
export async function readJsonLines(path: string): Promise<JsonLine[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  });
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [{ number: at + 1, value: jsonOf(line) }]));
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
