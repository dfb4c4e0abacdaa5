/** Normalised discounted cumulative gain of the first `k`, for judgements of relevant or not. */
export function ndcg(ranked: readonly string[], relevant: ReadonlySet<string>, k: number): number {
  const gain = (position: number) => 1 / Math.log2(position + 2);
  const found = ranked
    .slice(0, k)
    .reduce((sum, id, position) => sum + (relevant.has(id) ? gain(position) : 0), 0);
  const ideal = Array.from({ length: Math.min(k, relevant.size) }, (_, position) => gain(position));
  return found / ideal.reduce((sum, one) => sum + one, 0);
}

/** Share of the relevant that are among the first `k`. */
export const recall = (ranked: readonly string[], relevant: ReadonlySet<string>, k: number): number =>
  ranked.slice(0, k).filter((id) => relevant.has(id)).length / relevant.size;
