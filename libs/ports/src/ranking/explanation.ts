import type { MarginalRelevance, SearchExplanation, SideExplanation } from '@millrace/contracts';
import type { SearchHit, VectorQuery } from '../vector-store.ts';
import type { Choice } from './marginal-relevance.ts';
import { reciprocalRank, rrfK, type Scored } from './fusion.ts';
import { distributionOf, placeIn } from './score-distribution.ts';
import { evenWeights, type Side, type Sides } from './sides.ts';

type Asked = Pick<VectorQuery, 'explain' | 'fusion' | 'weights'>;
type ExplainSide = (uuid: string) => SideExplanation | undefined;

/**
 * The hits, each with how its score came about when the query asks for that; else as they are, at no cost.
 * @param choices in the order of the hits
 */
export function explained(
  hits: SearchHit[],
  choices: readonly Choice<Scored>[],
  sides: Sides<Scored>,
  query: Asked,
): SearchHit[] {
  if (!query.explain) return hits;
  const explain = explainer(sides, query);
  return hits.map((hit, at) => ({ ...hit, explanation: explain(hit.id, choices[at]?.mmr) }));
}

function explainer(
  sides: Sides<Scored>,
  query: Asked,
): (uuid: string, mmr?: MarginalRelevance) => SearchExplanation {
  const { fusion } = query;
  const lists = Object.entries(sides) as [Side, readonly Scored[]][];
  const isFused = lists.length > 1;
  const explain = lists.map(
    ([side, list]) => [side, explainSide(side, list, isFused ? query : undefined)] as const,
  );
  return (uuid, mmr) => {
    const told = explain.map(([side, ofSide]) => [side, ofSide(uuid)] as const);
    const fused = told.reduce((sum, [, one]) => sum + (one?.part ?? 0), 0);
    return {
      ...(isFused && { fusion, ...(fusion === 'rrf' && { k: rrfK }) }),
      ...Object.fromEntries(told.filter(([, one]) => one !== undefined)),
      absent: told.flatMap(([side, one]) => (one === undefined ? [side] : [])),
      ...(isFused && { fused }),
      ...(mmr && { mmr }),
    };
  };
}

function explainSide(side: Side, list: readonly Scored[], query: Asked | undefined): ExplainSide {
  const ranks = new Map(list.map(({ uuid }, rank) => [uuid, rank]));
  const partOf = query && explainPart(list, query.fusion, (query.weights ?? evenWeights)[side]);
  return (uuid) => {
    const rank = ranks.get(uuid);
    if (rank === undefined) return undefined;
    const { score } = list[rank]!;
    return { rank: rank + 1, score, candidates: list.length, ...partOf?.(rank, score) };
  };
}

function explainPart(
  list: readonly Scored[],
  fusion: Asked['fusion'],
  weight: number,
): (rank: number, score: number) => Omit<SideExplanation, 'rank' | 'score' | 'candidates'> {
  if (fusion === 'rrf') return (rank) => ({ weight, part: reciprocalRank(rank, weight) });
  const distribution = distributionOf(list);
  return (_rank, score) => {
    const normalised = placeIn(distribution, score);
    return { weight, ...distribution, normalised, part: weight * normalised };
  };
}
