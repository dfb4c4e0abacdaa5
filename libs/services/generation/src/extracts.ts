import type { SearchResult } from '@millrace/contracts';
import { analyseTerms, sentences, type SentenceRange } from '@millrace/text';

/** A sentence of a passage, with its place in the document. */
export interface Candidate {
  readonly passage: SearchResult;
  /** Position of its passage among the hits, from 0. */
  readonly rank: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly terms: ReadonlySet<string>;
  /** Where the sentence ends that follows it in its paragraph, if one does. */
  readonly nextEnd?: number;
}

/** Sentences looked at; the best passages come first. */
const mostCandidates = 64;
/** Shorter ones (in characters) say nothing by themselves. */
const shortest = 12;

export function candidatesIn(passages: readonly SearchResult[]): Candidate[] {
  const found: Candidate[] = [];
  for (const [rank, passage] of passages.entries()) {
    const ranges = [...sentences(passage.text)];
    for (const [index, { start, end }] of ranges.entries()) {
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
        ...following(passage, ranges[index + 1]),
      });
    }
  }
  return found;
}

const following = (passage: SearchResult, next: SentenceRange | undefined) =>
  next && !next.opens ? { nextEnd: passage.start + next.end } : {};

/** A candidate and the share of the question's words it has, 0 to 1. */
export interface Worded {
  readonly candidate: Candidate;
  readonly words: number;
}

export interface Scored {
  readonly candidate: Candidate;
  /** How much of the question it takes up, by words and by meaning: 0 nothing, 1 all. */
  readonly support: number;
  /** For the choice among candidates: support, and a little for where it was found. */
  readonly score: number;
}

/** Chosen on XQuAD, where anything between 0.4 and 0.6 for words does as well within a percent. */
const weights = { words: 0.55, meaning: 0.45, place: 0.05 };

const placeOf = ({ rank }: Candidate): number => weights.place / (1 + rank);

/** Best first by the words they share with the question: of the first, meaning is worth a look. */
export function byWords(question: string, candidates: readonly Candidate[]): Worded[] {
  const support = wordSupport(question, candidates);
  return candidates
    .map((candidate, index) => ({ candidate, words: support[index]! }))
    .sort((a, b) => rough(b) - rough(a));
}

const rough = ({ candidate, words }: Worded): number => weights.words * words + placeOf(candidate);

/** Best first by words and meaning. `meaning`: 0 unrelated to 1 the same, one a candidate. */
export function byWordsAndMeaning(worded: readonly Worded[], meaning: readonly number[]): Scored[] {
  return worded
    .map(({ candidate, words }, index) => {
      const support = weights.words * words + weights.meaning * meaning[index]!;
      return { candidate, support, score: support + placeOf(candidate) };
    })
    .sort((a, b) => b.score - a.score);
}

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
  /** Below this support even the best sentence is none. */
  readonly support: number;
  /** Share of the best one's score that every other must have. */
  readonly besideBest: number;
}

/**
 * The best sentences within the budget, in reading order: by document as it ranks, then as they stand in it. What is left
 * of the words goes to the sentences that follow them, where what the first one names is often explained.
 */
export function select(scored: readonly Scored[], options: SelectOptions): Candidate[] {
  const chosen: Candidate[] = [];
  let left = options.words;
  if (!scored.some(({ support }) => support >= options.support)) return [];
  const least = options.besideBest * scored[0]!.score;
  for (const { candidate, score } of scored) {
    if (score < least) break;
    const length = wordsIn(candidate.text);
    const fits = chosen.length === 0 || length <= left;
    if (chosen.length === options.sentences || !fits || chosen.some((other) => saysTheSame(other, candidate)))
      continue;
    chosen.push(candidate);
    left -= length;
  }
  return withFollowing(chosen, left).sort((a, b) => a.rank - b.rank || a.start - b.start);
}

/** Whatever the white space: code and prose wrap the same words differently. */
const saysTheSame = (a: Candidate, b: Candidate): boolean => words(a.text) === words(b.text);
const words = (text: string): string => text.match(/[\p{L}\p{N}]+/gu)?.join(' ') ?? text;

function withFollowing(chosen: readonly Candidate[], words: number): Candidate[] {
  let left = words;
  return chosen.map((candidate) => {
    const { passage, start, end, nextEnd } = candidate;
    if (nextEnd === undefined || chosen.some((other) => isWithin(other, passage.document_id, end, nextEnd)))
      return candidate;
    const text = passage.text.slice(start - passage.start, nextEnd - passage.start);
    const more = wordsIn(text) - wordsIn(candidate.text);
    if (more > left) return candidate;
    left -= more;
    return { ...candidate, text, end: nextEnd };
  });
}

const isWithin = ({ passage, start }: Candidate, document: string, from: number, to: number): boolean =>
  passage.document_id === document && start >= from && start < to;

const wordsIn = (text: string): number => text.split(/\s+/).length;
