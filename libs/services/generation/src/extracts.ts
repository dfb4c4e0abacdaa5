import type { SearchResult } from '@millrace/contracts';
import { analyseTerms, sentences } from '@millrace/text';

/** A sentence of a passage, with its place in the document. */
export interface Candidate {
  readonly passage: SearchResult;
  /** Position of its passage among the hits, from 0. */
  readonly rank: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly terms: ReadonlySet<string>;
}

/** Sentences looked at; the best passages come first. */
const mostCandidates = 64;
/** Shorter ones (in characters) say nothing by themselves. */
const shortest = 12;

export function candidatesIn(passages: readonly SearchResult[]): Candidate[] {
  const found: Candidate[] = [];
  for (const [rank, passage] of passages.entries())
    for (const { start, end } of sentences(passage.text)) {
      const text = passage.text.slice(start, end);
      if (text.length < shortest || /^#/.test(text)) continue;
      if (found.length === mostCandidates) return found;
      found.push({
        passage,
        rank,
        text,
        start: passage.start + start,
        end: passage.start + end,
        terms: new Set(analyseTerms(text)),
      });
    }
  return found;
}

/** How well each sentence is supported: by words of the question, by meaning, and by where it was found. */
export interface Support {
  readonly words: number;
  readonly meaning: number;
  readonly place: number;
}

const weights = { words: 0.5, meaning: 0.4, place: 0.1 };

export const scoreOf = ({ words, meaning, place }: Support): number =>
  weights.words * words + weights.meaning * meaning + weights.place * place;

/** Share of the question's content words, each weighted by how rare it is among the candidates (0 to 1). */
export function wordSupport(question: string, candidates: readonly Candidate[]): number[] {
  const terms = [...new Set(analyseTerms(question))];
  const weight = new Map(terms.map((term) => [term, rarity(term, candidates)]));
  const all = terms.reduce((sum, term) => sum + weight.get(term)!, 0);
  return candidates.map(({ terms: own }) =>
    all === 0 ? 0 : terms.reduce((sum, term) => sum + (own.has(term) ? weight.get(term)! : 0), 0) / all,
  );
}

/** Inverse document frequency over the candidates, as BM25 has it. */
function rarity(term: string, candidates: readonly Candidate[]): number {
  const holding = candidates.filter(({ terms }) => terms.has(term)).length;
  return Math.log(1 + (candidates.length - holding + 0.5) / (holding + 0.5));
}

export interface SelectOptions {
  readonly sentences: number;
  readonly words: number;
}

/** The best sentences within the budget, in reading order: by document as it ranks, then as they stand in it. */
export function select(
  candidates: readonly Candidate[],
  scores: readonly number[],
  { sentences: most, words }: SelectOptions,
): Candidate[] {
  const byScore = candidates
    .map((candidate, index) => ({ candidate, score: scores[index]! }))
    .sort((a, b) => b.score - a.score);
  const chosen: Candidate[] = [];
  let left = words;
  for (const { candidate } of byScore) {
    const length = candidate.text.split(/\s+/).length;
    const fits = chosen.length === 0 || length <= left;
    if (chosen.length === most || !fits || chosen.some(({ text }) => text === candidate.text)) continue;
    chosen.push(candidate);
    left -= length;
  }
  return chosen.sort((a, b) => a.rank - b.rank || a.start - b.start);
}
