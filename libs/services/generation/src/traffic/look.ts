import type { GenerationQuestion, GenerationRequest, Generator } from '@millrace/ports';
import type { Standing } from './standing.ts';

/** Pieces of an answer that are waited for; then it is let go of: it costs about as many tokens. */
const pieces = 8;
const patienceMs = 10_000;

/** Something short, of the kind that a back end is wanted for. No parameters, because models refuse different ones. */
export const smallTalk = (wanted: GenerationQuestion): GenerationQuestion =>
  'prompt' in wanted
    ? { prompt: 'Once upon a time', parameters: {} }
    : { messages: [{ role: 'user', content: 'Say hello.' }], parameters: {} };

/**
 * Asks a back end something short, to see whether it is well again and how quick it is: the ones who ask for something need
 * not find out. Rejects where it is not well.
 */
export async function look(
  generator: Generator,
  request: GenerationRequest,
  standing: Standing,
): Promise<void> {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(patienceMs)]);
  const began = performance.now();
  const saidAt: number[] = [];
  try {
    for await (const part of generator.generate(request, signal)) {
      if (part.type === 'delta') saidAt.push(performance.now());
      if (saidAt.length === pieces) break;
    }
  } finally {
    enough.abort();
  }
  const [first = performance.now()] = saidAt;
  const rest = saidAt.length - 1;
  standing.found({
    firstWordMs: first - began,
    ...(rest > 0 && { pieceMs: (saidAt.at(-1)! - first) / rest }),
  });
}
