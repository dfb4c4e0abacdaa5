import type { BackEnd } from '@millrace/ports';
import type { Standing } from './standing.ts';

/** A back end that could answer a request, and what it would be asked for. */
export interface Candidate {
  readonly backEnd: BackEnd;
  readonly model: string | undefined;
  readonly standing: Standing;
}

/** Whether it is expected to answer within the budget; the first are asked first. */
const groups = ['well', 'slow', 'rests'] as const;
type Group = (typeof groups)[number];

export interface Circumstances {
  /** How long the whole answer may take, in milliseconds; undefined: as long as it does. */
  readonly budgetMs?: number | undefined;
  /** Tokens that the answer has at most. */
  readonly mostTokens: number;
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * In which order candidates are asked. Those that rest come last: a doubt alone refuses nobody. Of those that are expected
 * to answer within the budget the cheapest, of the others the quickest. Otherwise chance decides, by
 * weight (weighted random sampling: Efraimidis and Spirakis, 2006).
 */
export function byPreference(
  candidates: readonly Candidate[],
  { budgetMs = Infinity, mostTokens, now, random }: Circumstances,
): (Candidate & { readonly group: Group })[] {
  const judged = candidates.map((candidate) => {
    const { weight } = candidate.backEnd;
    const forecast = candidate.standing.forecast(mostTokens, now);
    return {
      candidate,
      forecast,
      group: groupOf(candidate.standing, forecast, budgetMs, now),
      price: budgetMs === Infinity ? 0 : priceOf(candidate.backEnd),
      isLastResort: weight === 0,
      chance: -Math.log(1 - random()) / (weight || 1),
    };
  });
  const order = (a: (typeof judged)[number], b: (typeof judged)[number]): number =>
    groups.indexOf(a.group) - groups.indexOf(b.group) ||
    (a.group === 'slow' ? a.forecast - b.forecast : 0) ||
    Number(a.isLastResort) - Number(b.isLastResort) ||
    a.price - b.price ||
    a.chance - b.chance;
  return judged.sort(order).map(({ candidate, group }) => ({ ...candidate, group }));
}

const groupOf = (standing: Standing, forecast: number, budgetMs: number, now: number): Group =>
  standing.rests(now) ? 'rests' : forecast > budgetMs ? 'slow' : 'well';

/** Prompt and answer are about as long. */
const priceOf = ({ price }: BackEnd): number => (price ? price.prompt + price.completion : 0);
