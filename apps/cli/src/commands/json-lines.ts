import { open } from 'node:fs/promises';
import { UsageError } from '../errors.ts';

export interface JsonLine {
  /** From 1. */
  readonly number: number;
  /** Undefined where the line is no JSON. */
  readonly value: unknown;
}

/** Characters; longer than any that is meant, and far from what a text in memory may be. */
const longestLine = 64 * 1_048_576;

/** The lines of a file that are not empty, one at a time: all of them may not fit into memory. Throws `UsageError`. */
export async function* readJsonLines(path: string): AsyncGenerator<JsonLine> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    const text = number === 1 ? line.replace(/^\ufeff/, '') : line;
    if (text.trim() !== '') yield { number, value: jsonOf(text) };
  }
}

/** They end with LF, or CR LF: other line breaks may stand in a text of JSON as they are. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let [number, rest] = [1, ''];
  for await (const piece of piecesOf(path)) {
    const [end = '', ...lines] = piece.split('\n');
    rest += end;
    if (rest.length > longestLine) throw new UsageError(`${path}\nline ${number}: too long to be read`);
    for (const line of lines) {
      yield rest;
      rest = line;
      number += 1;
    }
  }
  if (rest !== '') yield rest;
}

async function* piecesOf(path: string): AsyncGenerator<string> {
  try {
    await using file = await open(path);
    yield* file.createReadStream({ encoding: 'utf8' }) as AsyncIterable<string>;
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
