import { setImmediate as nextTurn } from 'node:timers/promises';
import { byMarginalRelevance, type Choice, type VectorQuery } from '@millrace/ports';
import type { Collection } from '../collection/collection.ts';
import { readVectors } from '../reading/chunk-reading.ts';
import type { Candidate } from './ranking.ts';

export type Choosing = Pick<VectorQuery, 'mmr' | 'limit'> & {
  /** As many of the best are chosen from. */
  readonly candidates: number;
};

/** Choices between which other work goes on: of 400 candidates with 4,096 dimensions they take some 20 ms. */
const choicesAtOnce = 4;

/** The candidates that become hits. Undefined when one to choose from is gone by now. */
export async function choose(
  collection: Collection,
  ranked: readonly Candidate[],
  { mmr, limit, candidates }: Choosing,
): Promise<Choice<Candidate>[] | undefined> {
  if (!mmr) return ranked.slice(0, limit).map((candidate) => ({ candidate }));
  const pool = ranked.slice(0, candidates);
  const vectors = await readVectors(
    collection,
    pool.map(({ uuid }) => uuid),
  );
  if (vectors.size < pool.length) return undefined;
  const choices: Choice<Candidate>[] = [];
  const { diversity } = mmr;
  for (const choice of byMarginalRelevance(pool, ({ uuid }) => vectors.get(uuid)!, { diversity, limit }))
    if (choices.push(choice) % choicesAtOnce === 0) await nextTurn();
  return choices;
}
