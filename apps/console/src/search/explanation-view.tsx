import type { MarginalRelevance, SearchExplanation, SideExplanation } from '@millrace/contracts';

const sides = [
  { side: 'dense', name: 'Meaning', measure: 'cosine' },
  { side: 'sparse', name: 'Words', measure: 'BM25' },
] as const;

interface Props {
  readonly explanation: SearchExplanation;
}

/** How a score came about, each part with the sum that it comes from. */
export function ExplanationView({ explanation }: Props) {
  const { absent, fused, fusion, mmr } = explanation;
  return (
    <dl className="explanation">
      {sides.map(({ side, name, measure }) => {
        const told = explanation[side];
        if (told) return <Part key={side} name={name} says={sideText(told, measure, explanation.k)} />;
        return absent.includes(side) && <Part key={side} name={name} says="not among the candidates" />;
      })}
      {fused !== undefined && (
        <Part name={fusion === 'rrf' ? 'Fused by ranks' : 'Fused by scores'} says={number(fused)} />
      )}
      {mmr && <Part name="Diversity" says={diversityText(mmr)} />}
    </dl>
  );
}

function Part({ name, says }: { readonly name: string; readonly says: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{says}</dd>
    </div>
  );
}

function sideText(side: SideExplanation, measure: string, k: number | undefined): string {
  const { rank, candidates, score, weight, mean, deviation, normalised, part } = side;
  const place = `${rank} of ${candidates}, ${measure} ${number(score)}`;
  if (part === undefined) return place;
  const sum =
    normalised === undefined
      ? `1 / (${rank} / ${weight} + ${k} - 1)`
      : `mean ${number(mean)}, deviation ${number(deviation)}: ${number(normalised)} × ${weight}`;
  return `${place}; ${sum} = ${number(part)}`;
}

function diversityText({ diversity, place, relevance, similarity, score }: MarginalRelevance): string {
  const sum = `(1 - ${diversity}) × ${number(relevance)} - ${diversity} × ${number(similarity)}`;
  return `${place} by score; ${sum} = ${number(score)}`;
}

const number = (value = 0): string => value.toFixed(3);
