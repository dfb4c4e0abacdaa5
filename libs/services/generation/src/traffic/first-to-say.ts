import type { GenerationPart } from '@millrace/ports';

/** A back end that is asked for an answer, perhaps beside others. */
export interface Rival {
  readonly answer: AsyncGenerator<GenerationPart>;
  /** What came up to the first word, or the end. Rejects when it failed before. */
  readonly begun: Promise<readonly GenerationPart[]>;
}

/** Reads an answer up to its first word. */
export function rival(answer: AsyncGenerator<GenerationPart>): Rival {
  const begun = upToFirstWord(answer);
  // Whether anybody still waits for it or not.
  begun.catch(() => undefined);
  return { answer, begun };
}

async function upToFirstWord(answer: AsyncGenerator<GenerationPart>): Promise<GenerationPart[]> {
  const parts: GenerationPart[] = [];
  for (;;) {
    const next = await answer.next();
    if (next.done) return parts;
    parts.push(next.value);
    if (next.value.type !== 'start') return parts;
  }
}

/** Whether it has begun, or failed, before this time is over. */
export async function isThereWithin(ms: number, { begun }: Rival): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  const there = begun.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([there, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first to say anything; rejects, when all have failed, with what the last one in the list failed with. */
export async function firstToSay<R extends Rival>(rivals: readonly R[]): Promise<R> {
  try {
    return await Promise.any(rivals.map((each) => each.begun.then(() => each)));
  } catch (thrown) {
    throw (thrown as AggregateError).errors.at(-1);
  }
}
