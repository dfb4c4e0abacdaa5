import type { ModelComparison } from '@millrace/contracts';

/** Share of sentences that the next model may miss beyond those the serving one misses. */
const fewerSentences = 0.05;
/** What it may lose of nDCG@10 where somebody judged. */
const lessNdcg = 0.02;

/** Whether the next model may serve. */
export const findsAsMuch = ({
  found_serving,
  found_next,
  ndcg_serving = 0,
  ndcg_next = 0,
}: ModelComparison): boolean =>
  found_next >= found_serving - fewerSentences && ndcg_next >= ndcg_serving - lessNdcg;
