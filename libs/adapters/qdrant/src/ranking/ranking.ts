import type { Scored } from '@millrace/ports';
import type { Schemas } from '@qdrant/js-client-rest';
import type { Condition } from '../filter/conditions.ts';

/** A chunk that Qdrant proposes. */
export interface Candidate extends Scored {
  readonly document: string;
  readonly version: number;
  readonly ordinal: number;
}

/** Asks Qdrant for candidates and says in what order they come. */
export interface Ranking {
  /** Candidates worth asking for when so many are wanted. */
  firstAsk(wanted: number): number;
  request(must: readonly Condition[], limit: number): Schemas['QueryRequest'];
  /** Best first. */
  rank(points: readonly Schemas['ScoredPoint'][]): Candidate[];
  /** What a candidate that Qdrant scores this, or less, has at most, as far as the ranked ones tell. */
  atMost(score: number): number;
}

/** What is read of each candidate. */
export const candidateFields = ['document', 'version', 'ordinal'] as const;
type CandidatePayload = Pick<Candidate, (typeof candidateFields)[number]>;

export function candidateOf({ id, payload }: Schemas['ScoredPoint'], score: number): Candidate {
  const { document, version, ordinal } = payload as unknown as CandidatePayload;
  return { uuid: String(id), document, version, ordinal, score };
}
