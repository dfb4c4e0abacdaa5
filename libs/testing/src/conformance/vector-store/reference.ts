import type { FusionMethod, FusionWeights } from '@millrace/contracts';

/** A chunk as the reference sees it: no more than what rankings look at. */
export interface PlainChunk {
  readonly id: string;
  readonly vector: readonly number[];
  readonly terms: readonly string[];
}

export interface Place {
  readonly id: string;
  readonly score: number;
}

/** Every chunk by its cosine with the query, each worked out from the definition. */
export const byCosine = (chunks: readonly PlainChunk[], query: readonly number[]): Place[] =>
  inOrder(chunks.map(({ id, vector }) => ({ id, score: cosine(vector, query) })));

export function cosine(a: readonly number[], b: readonly number[]): number {
  const product = sum(a.map((value, at) => value * b[at]!));
  return product / Math.sqrt(sum(a.map((value) => value ** 2)) * sum(b.map((value) => value ** 2)));
}

/** Every chunk that has one of the terms, by Okapi BM25 over these chunks alone (Robertson and Zaragoza 2009). */
export function byBm25(chunks: readonly PlainChunk[], query: readonly string[]): Place[] {
  const [k1, b] = [1.2, 0.75];
  const meanLength = sum(chunks.map(({ terms }) => terms.length)) / chunks.length;
  const timesIn = (terms: readonly string[], term: string): number =>
    terms.filter((one) => one === term).length;
  const idf = (term: string): number => {
    const having = chunks.filter(({ terms }) => terms.includes(term)).length;
    return Math.log(1 + (chunks.length - having + 0.5) / (having + 0.5));
  };
  const weights = [...new Set(query)].map((term) => [term, idf(term)] as const);
  const scored = chunks.map(({ id, terms }) => {
    const saturation = k1 * (1 - b + (b * terms.length) / meanLength);
    const matches = weights.map(([term, weight]) => {
      const times = timesIn(terms, term);
      return (weight * times * (k1 + 1)) / (times + saturation);
    });
    return { id, score: sum(matches) };
  });
  return inOrder(scored.filter(({ score }) => score > 0));
}

/** What the dense and the sparse list come to, by the formulas as Qdrant's documentation writes them. */
export function fusedBy(
  method: FusionMethod,
  { dense, sparse }: Readonly<Record<'dense' | 'sparse', readonly Place[]>>,
  weights: FusionWeights = { dense: 1, sparse: 1 },
): Place[] {
  const fused = new Map<string, number>();
  for (const [list, weight] of [
    [dense, weights.dense],
    [sparse, weights.sparse],
  ] as const)
    for (const [rank, { id, score }] of list.entries()) {
      const part = method === 'rrf' ? reciprocal(rank, weight) : weight * withinThreeDeviations(score, list);
      fused.set(id, (fused.get(id) ?? 0) + part);
    }
  return inOrder([...fused].map(([id, score]) => ({ id, score })));
}

/** Best first; equal scores in the order of ids. */
export const inOrder = (places: readonly Place[]): Place[] =>
  places.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));

/** https://qdrant.tech/documentation/search/hybrid-queries/#reciprocal-rank-fusion-rrf with k = 2. */
const reciprocal = (rank: number, weight: number): number =>
  weight === 0 ? 0 : 1 / (2 + (rank + 1) / weight - 1);

function withinThreeDeviations(score: number, list: readonly Place[]): number {
  const mean = sum(list.map((place) => place.score)) / list.length;
  const variance = sum(list.map((place) => (place.score - mean) ** 2)) / (list.length - 1);
  const span = 6 * Math.sqrt(variance);
  return list.length < 2 || span < 1e-6 ? 0.5 : (score - mean) / span + 0.5;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
