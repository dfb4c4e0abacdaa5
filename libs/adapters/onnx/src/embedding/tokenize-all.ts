import { MillraceError } from '@millrace/contracts';
import { EventLoopTurn, type EmbedInput } from '@millrace/ports';
import type { Tokenizer } from '@millrace/text';

export interface TokenizeOptions {
  /** Put before every text. */
  readonly prefix: string;
  readonly maxTokens: number;
  /** Cut what is longer at the end; otherwise it is refused. */
  readonly truncate: boolean;
  /** Called with the tokens so far, so that an over-long request ends early. */
  readonly admit: (tokens: number) => void;
}

/**
 * Token ids of each input, special tokens included. Rejects with `input_too_long`, `invalid_request` (ids that the
 * vocabulary does not have) and what `admit` throws.
 */
export async function tokenizeAll(
  inputs: readonly EmbedInput[],
  tokenizer: Tokenizer,
  { prefix, maxTokens, truncate, admit }: TokenizeOptions,
): Promise<Int32Array[]> {
  const all: Int32Array[] = [];
  let tokens = 0;
  const turn = new EventLoopTurn();
  for (const [index, input] of inputs.entries()) {
    const ids = Int32Array.from(
      typeof input === 'string' ? tokenizer.encode(prefix + input) : enclosed(input, index, tokenizer),
    );
    if (ids.length > maxTokens && !truncate) throw tooLong(index, ids.length, maxTokens);
    all.push(cut(ids, maxTokens));
    tokens += all[index]!.length;
    if (!turn.isOver) continue;
    admit(tokens);
    await turn.next();
  }
  return all;
}

function enclosed(ids: readonly number[], index: number, tokenizer: Tokenizer): number[] {
  const { size } = tokenizer;
  const unknown = ids.find((id) => id < 0 || id >= size);
  if (unknown === undefined) return tokenizer.enclose(ids);
  const detail = `input ${index} has the id ${unknown}; the model knows 0 to ${size - 1}`;
  throw new MillraceError('invalid_request', { param: `input.${index}`, detail });
}

/** The last token marks the end, also of a text that was cut. */
function cut(ids: Int32Array, maxTokens: number): Int32Array {
  if (ids.length <= maxTokens) return ids;
  const kept = ids.slice(0, maxTokens);
  kept[maxTokens - 1] = ids[ids.length - 1]!;
  return kept;
}

const tooLong = (index: number, tokens: number, maxTokens: number): MillraceError =>
  new MillraceError('input_too_long', {
    param: `input.${index}`,
    detail: `input ${index} has ${tokens} tokens, the model takes ${maxTokens}`,
  });
