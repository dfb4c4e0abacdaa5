import type { SearchHit } from '@millrace/ports';

/** Consecutive chunks of one document, as good as the best of them. */
export interface Run {
  readonly hits: readonly SearchHit[];
  readonly score: number;
}

/** Groups hits whose chunks follow one another in the same version of a document; best run first. */
export function mergeNeighbours(hits: readonly SearchHit[]): Run[] {
  const byDocument = Map.groupBy(hits, ({ document, version }) => `${version}/${document}`);
  return [...byDocument.values()]
    .flatMap(runsOf)
    .map((run) => ({ hits: run, score: Math.max(...run.map(({ score }) => score)) }))
    .sort((a, b) => b.score - a.score);
}

function runsOf(hits: readonly SearchHit[]): SearchHit[][] {
  const runs: SearchHit[][] = [];
  for (const hit of hits.toSorted((a, b) => a.ordinal - b.ordinal)) {
    const last = runs.at(-1);
    if (last && hit.ordinal <= last.at(-1)!.ordinal + 1) last.push(hit);
    else runs.push([hit]);
  }
  return runs;
}

/** One hit for a run: its text from the first chunk's start to the last one's end, with what stands between. */
export function joinRun({ hits, score }: Run): SearchHit {
  const best = hits.reduce((a, b) => (b.score > a.score ? b : a));
  const [first, ...rest] = hits;
  const text = rest.reduce(joinText, { text: first!.text, end: first!.end }).text;
  return { ...best, start: first!.start, end: hits.at(-1)!.end, ordinal: first!.ordinal, text, score };
}

/**
 * Chunks may overlap, or leave blanks between them that belong to neither. The gap is filled with as many blank
 * characters, so that offsets inside the passage stay those of the document.
 */
function joinText(joined: { text: string; end: number }, next: SearchHit): { text: string; end: number } {
  const overlap = joined.end - next.start;
  const gap = overlap < 0 ? '\n'.repeat(-overlap) : '';
  return {
    text: joined.text + gap + next.text.slice(Math.max(0, overlap)),
    end: Math.max(joined.end, next.end),
  };
}
