import type { ModelComparison, NextModel } from '@millrace/contracts';

/** Share of sentences that the next model may miss beyond those the serving one misses, and how many they must be to count. */
const fewerSentences = 0.05;
const lostSentences = 3;
/** What it may lose of nDCG@10 where somebody judged. */
const lessNdcg = 0.02;
/**
 * The least that says something in its favour. Of 50 sentences, each from another document and asked of 50 chunks or more, a
 * model that finds 15 in a hundred fewer is let through once in seventy times (binomial), and one whose vectors mean
 * nothing finds one in five at most.
 */
const leastSentences = 50;
const leastFound = 0.5;
const leastJudged = 20;
const leastNdcg = 0.1;
/**
 * Of the first ten hits, what two models that both understand the text have in common at the very least. Of 40 questions to 200
 * abstracts MiniLM and six others had .45 to .56, and .08 and .04 with those whose matrices were shuffled in part or all; by chance
 * it is .2 of 50 chunks.
 */
const leastAlike = 0.25;

type Verdict = Pick<NextModel, 'phase' | 'why'>;

/** Whether the next model may serve by itself, is refused, or has nothing that speaks for it. */
export function verdictOn(comparison: ModelComparison): Verdict {
  if (findsLess(comparison)) return { phase: 'refused', why: 'finds_less' };
  if (!isEvidence(comparison)) return { phase: 'unproven', why: 'too_little_to_ask' };
  const alike = [comparison.alike, comparison.judged_alike].filter((share) => share !== undefined);
  if (alike.length === 0) return { phase: 'unproven', why: 'too_little_to_ask' };
  if (Math.min(...alike) < leastAlike) return { phase: 'unproven', why: 'finds_other_things' };
  return { phase: 'ready' };
}

/** Of judged questions as they are asked, and by meaning alone: words in common hide there what a model does not find. */
function findsLess({ sentences, found_serving, found_next, ...judged }: ModelComparison): boolean {
  const fewer = found_serving - found_next;
  const { ndcg_serving = 0, ndcg_next = 0, ndcg_dense_serving = 0, ndcg_dense_next = 0 } = judged;
  const misses = fewer > fewerSentences && Math.round(fewer * sentences) >= lostSentences;
  const ranksLower = ndcg_next < ndcg_serving - lessNdcg || ndcg_dense_next < ndcg_dense_serving - lessNdcg;
  return misses || ranksLower;
}

function isEvidence({ sentences, found_serving, judged = 0, ...means }: ModelComparison): boolean {
  const { ndcg_serving = 0, ndcg_dense_serving = 0 } = means;
  const areFound = sentences >= leastSentences && found_serving >= leastFound;
  return areFound || (judged >= leastJudged && Math.min(ndcg_serving, ndcg_dense_serving) >= leastNdcg);
}
