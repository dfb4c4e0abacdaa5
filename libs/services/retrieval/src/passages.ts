import type { Chunk } from '@millrace/contracts';
import type { SearchHit } from '@millrace/ports';

/** A piece of a document's text, to the letter. */
type Stretch = Pick<Chunk, 'text' | 'start' | 'end'>;

/** Chunks of one document without a gap between them, as good as the best of them. */
export interface Run {
  readonly hits: readonly SearchHit[];
  /** The first of them in the ranking. */
  readonly best: SearchHit;
}

/**
 * Groups hits whose texts touch or overlap in the same version of a document, in the order of the ranking. What stands
 * in a gap between two hits is not asked for here, and a passage is the document's text to the letter.
 */
export function mergeNeighbours(hits: readonly SearchHit[]): Run[] {
  const places = new Map(hits.map((hit, place) => [hit, place]));
  const placeOf = (hit: SearchHit): number => places.get(hit)!;
  const byDocument = Map.groupBy(hits, ({ document, version }) => `${version}/${document}`);
  return [...byDocument.values()]
    .flatMap((ofOne) => runsOf(ofOne))
    .map((run) => ({ hits: run, best: run.reduce((a, b) => (placeOf(b) < placeOf(a) ? b : a)) }))
    .sort((a, b) => placeOf(a.best) - placeOf(b.best));
}

/** One hit for a run: the text of all its chunks, which begins where the first one does. */
export function joinRun({ hits, best }: Run): SearchHit {
  const { id, score, explanation } = best;
  return { ...hits[0]!, ...joinText(hits), id, score, ...(explanation && { explanation }) };
}

/**
 * The hit with the text of the chunks around it, as far as they go on without words between them that no chunk shows.
 * Its headings and page remain: they say where it was found.
 */
export function widen({ around = [], ...hit }: SearchHit): SearchHit {
  const chunks = [...around, hit].sort((a, b) => a.ordinal - b.ordinal);
  const reaching = chunks.map((chunk, at) => reachingBack(chunk, chunks[at - 1]));
  const run = runsOf(reaching).find((one) => one.some(({ id }) => id === hit.id))!;
  return { ...hit, ...joinText(run) };
}

/** The chunk from the end of the one before it on. */
function reachingBack(chunk: Chunk, before: Chunk | undefined): Chunk {
  const { gap = '', text, start } = chunk;
  if (before?.ordinal !== chunk.ordinal - 1) return chunk;
  return { ...chunk, text: gap + text, start: start - gap.length };
}

function runsOf<T extends Stretch>(stretches: readonly T[]): T[][] {
  const runs: T[][] = [];
  let end = -1;
  for (const stretch of stretches.toSorted((a, b) => a.start - b.start)) {
    if (stretch.start <= end) runs.at(-1)!.push(stretch);
    else runs.push([stretch]);
    end = Math.max(end, stretch.end);
  }
  return runs;
}

/** The text of a run, in which nothing stands twice. */
function joinText([first, ...rest]: readonly Stretch[]): Stretch {
  const { start } = first!;
  const text = rest.reduce(
    (joined, next) => joined + next.text.slice(start + joined.length - next.start),
    first!.text,
  );
  return { text, start, end: start + text.length };
}
