import type { PassageScore, SearchHit } from '@millrace/ports';

/**
 * The hits that were scored, best first, then all others in the order they have. Scores remain what they are; where asked
 * to `explain`, each hit that the reranker placed says so.
 * @param scores best first, of the hits by their place
 */
export function reorder(
  hits: readonly SearchHit[],
  scores: readonly PassageScore[],
  explain = false,
): SearchHit[] {
  const scored = new Set(scores.map(({ index }) => index));
  const first = scores.map(({ index, score }, at): SearchHit => {
    const hit = hits[index]!;
    if (!explain || !hit.explanation) return hit;
    return { ...hit, explanation: { ...hit.explanation, rerank: { score, rank: at + 1, place: index + 1 } } };
  });
  return [...first, ...hits.filter((_, index) => !scored.has(index))];
}
