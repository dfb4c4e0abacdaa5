import type { MarginalRelevance, SearchExplanation, SideExplanation } from '@millrace/contracts';

const sides = [
  { side: 'dense', name: 'meaning', measure: 'cosine' },
  { side: 'sparse', name: 'words', measure: 'BM25' },
] as const;

/** How the score of a result came about, a line for each part, as a person would write it down to work it out. */
export function explanationLines(explanation: SearchExplanation): string[] {
  const { absent, fused, mmr, rerank } = explanation;
  const parts = sides.flatMap(({ side, name, measure }) => {
    if (absent.includes(side)) return [`${name}: not among the candidates`];
    const told = explanation[side];
    return told ? [`${name}: ${sideText(told, measure, explanation)}`] : [];
  });
  return [
    ...parts,
    ...(fused === undefined ? [] : [`${explanation.fusion}: ${number(fused)}`]),
    ...(mmr ? [`diversity: ${diversityText(mmr)}`] : []),
    ...(rerank ? [`reranker: ${number(rerank.score)}; ${rerank.place} before`] : []),
  ];
}

function sideText(side: SideExplanation, measure: string, { k }: SearchExplanation): string {
  const { rank, candidates, score, weight, mean, deviation, normalised, part } = side;
  const place = `${rank} of ${candidates}, ${measure} ${number(score)}`;
  if (weight === undefined || part === undefined) return place;
  const sum =
    normalised === undefined
      ? `1 / (${rank} / ${weight} + ${k} - 1)`
      : `mean ${number(mean)}, deviation ${number(deviation)}: ${number(normalised)} × ${weight}`;
  return `${place}; ${sum} = ${number(part)}`;
}

function diversityText({ diversity, place, relevance, similarity = 0, score }: MarginalRelevance): string {
  const sum = `(1 - ${diversity}) × ${number(relevance)} - ${diversity} × ${number(similarity)}`;
  return `${place} by score; ${sum} = ${number(score)}`;
}

const number = (value = 0): string => value.toFixed(3);
