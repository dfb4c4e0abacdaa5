import type { SearchHit } from '@millrace/ports';

/** Chunks of one document without a gap between them, as good as the best of them. */
export interface Run {
  readonly hits: readonly SearchHit[];
  readonly score: number;
}

/**
 * Groups hits whose chunks touch or overlap in the same version of a document; best run first. What stands in a gap is
 * not known here, not even which white space, and a passage is the document's text to the letter.
 */
export function mergeNeighbours(hits: readonly SearchHit[]): Run[] {
  const byDocument = Map.groupBy(hits, ({ document, version }) => `${version}/${document}`);
  return [...byDocument.values()]
    .flatMap(runsOf)
    .map((run) => ({ hits: run, score: Math.max(...run.map(({ score }) => score)) }))
    .sort((a, b) => b.score - a.score);
}

function runsOf(hits: readonly SearchHit[]): SearchHit[][] {
  const runs: SearchHit[][] = [];
  let end = -1;
  for (const hit of hits.toSorted((a, b) => a.start - b.start)) {
    if (hit.start <= end) runs.at(-1)!.push(hit);
    else runs.push([hit]);
    end = Math.max(end, hit.end);
  }
  return runs;
}

/** One hit for a run: the text of all its chunks, which begins where the first one does. */
export function joinRun({ hits, score }: Run): SearchHit {
  const { id } = hits.reduce((a, b) => (b.score > a.score ? b : a));
  const [first, ...rest] = hits;
  const text = rest.reduce(
    (joined, next) => joined + next.text.slice(first!.start + joined.length - next.start),
    first!.text,
  );
  return { ...first!, id, text, end: first!.start + text.length, score };
}
