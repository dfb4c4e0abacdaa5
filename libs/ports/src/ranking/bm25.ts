/** Okapi BM25's constants: how soon repetitions stop to count, and how much length counts against a chunk. */
const k1 = 1.2;
const b = 0.75;

/** What all chunks of a tenant have together. */
export interface TermTotals {
  readonly chunks: number;
  readonly terms: number;
}

/** Weighs matches by the statistics of one tenant's visible chunks: the formula every vector store ranks terms by. */
export class Bm25 {
  private readonly meanLength: number;

  constructor(private readonly totals: TermTotals) {
    this.meanLength = totals.terms / totals.chunks;
  }

  /** What a term counts that `having` chunks have; Lucene's and Qdrant's form of the inverse document frequency. */
  weight(having: number): number {
    return Math.log(1 + (this.totals.chunks - having + 0.5) / (having + 0.5));
  }

  /** How well a chunk of `length` terms matches a term of weight 1 that it has `count` times: below 2.2. */
  match(count: number, length: number): number {
    return ((k1 + 1) * count) / (count + k1 * (1 - b + (b * length) / this.meanLength));
  }
}
