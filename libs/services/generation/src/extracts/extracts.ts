import type { SearchResult } from '@millrace/contracts';
import { analyseTerms } from '@millrace/text';
import { piecesOf, type Piece } from './passage-pieces.ts';

/** A sentence, table row or line of code of a passage, with its place in the document. */
export interface Candidate {
  readonly passage: SearchResult;
  /** Position of its passage among the hits, from 0. */
  readonly rank: number;
  readonly text: string;
  /** The text for a reader, who does not see what stands around it: a row has the names of its columns. */
  readonly shown: string;
  readonly start: number;
  readonly end: number;
  readonly terms: ReadonlySet<string>;
  /** The sentence that follows it in its paragraph. */
  readonly next?: Candidate | undefined;
  /** The table rows or lines of code that it leads to with a colon. */
  readonly block?: readonly Candidate[] | undefined;
}

/** Sentences looked at; the best passages come first. */
const mostCandidates = 64;
/** Shorter ones (in characters) say nothing by themselves. */
const shortest = 12;

export function candidatesIn(passages: readonly SearchResult[]): Candidate[] {
  const found: Candidate[] = [];
  for (const [rank, passage] of passages.entries())
    for (const candidate of inPassage(passage, rank)) {
      if (candidate.text.length < shortest || /^#/.test(candidate.text)) continue;
      if (found.length === mostCandidates) return found;
      found.push(candidate);
    }
  return found;
}

/** From the last to the first, so that each knows what follows it. */
function inPassage(passage: SearchResult, rank: number): Candidate[] {
  const pieces = [...piecesOf(passage.text, passage.headings.at(-1))];
  const found: Candidate[] = [];
  let block: Candidate[] = [];
  for (const [i, piece] of [...pieces.entries()].reverse()) {
    const { kind, opens } = pieces[i + 1] ?? { kind: undefined, opens: true };
    const goesOn = kind === piece.kind && !opens;
    const next = found[0];
    const candidate = {
      ...toCandidate(piece, passage, rank),
      ...(piece.kind === 'sentence' && goesOn && { next }),
      ...(piece.kind === 'sentence' && !goesOn && leads(piece.shown) && block.length > 0 && { block }),
    };
    if (piece.kind === 'sentence') block = [];
    else block = goesOn ? [candidate, ...block] : [candidate];
    found.unshift(candidate);
  }
  return found;
}

const toCandidate = ({ start, end, shown }: Piece, passage: SearchResult, rank: number): Candidate => ({
  passage,
  rank,
  text: passage.text.slice(start, end),
  shown,
  start: passage.start + start,
  end: passage.start + end,
  terms: new Set(analyseTerms(shown)),
});

const leads = (shown: string): boolean => /:[*_]*$/.test(shown);

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
  /** How well a line or row goes with the question, for the choice among those of one block. */
  readonly worth?: (candidate: Candidate) => number;
}

/**
 * The best within the budget, in reading order: by document as it ranks, then as they stand in it. What is left of the
 * words goes first to what those lead to with a colon, then to the sentences that follow them, where what the first one
 * names is often explained.
 */
export function select(scored: readonly Scored[], options: SelectOptions): Candidate[] {
  const chosen: Candidate[] = [];
  let left = options.words;
  if (!scored.some(({ support }) => support >= options.support)) return [];
  const least = options.besideBest * scored[0]!.score;
  for (const { candidate, score } of scored) {
    if (score < least) break;
    const length = wordsIn(candidate.shown);
    const fits = chosen.length === 0 || length <= left;
    if (chosen.length === options.sentences || !fits || chosen.some((other) => saysTheSame(other, candidate)))
      continue;
    chosen.push(candidate);
    left -= length;
  }
  return withFollowing(chosen, left, options.worth).sort((a, b) => a.rank - b.rank || a.start - b.start);
}

/** Whatever the white space: code and prose wrap the same words differently. */
const saysTheSame = (a: Candidate, b: Candidate): boolean => words(a.shown) === words(b.shown);
const words = (text: string): string => text.match(/[\p{L}\p{N}]+/gu)?.join(' ') ?? text;

type Worth = SelectOptions['worth'];

function withFollowing(chosen: readonly Candidate[], words: number, worth: Worth): Candidate[] {
  let left = words;
  const all: Candidate[] = [];
  const add = (candidates: readonly Candidate[]): void => {
    for (const each of candidates)
      if (![...all, ...chosen].some((other) => saysTheSame(other, each))) all.push(each);
    left -= candidates.reduce((sum, { shown }) => sum + wordsIn(shown), 0);
  };
  for (const candidate of chosen) if (candidate.block) add(bestOf(candidate.block, left, worth));
  const extended = chosen.map((candidate) => {
    const { next } = candidate;
    if (!next || [...all, ...chosen].some((other) => isAt(other, next))) return candidate;
    const block = next.block ? bestOf(next.block, left - wordsIn(next.shown), worth) : [];
    if (wordsIn(next.shown) > left || (next.block && block.length === 0)) return candidate;
    left -= wordsIn(next.shown);
    add(block);
    return joined(candidate, next);
  });
  return [...extended, ...all];
}

/** All of a block where that fits, or else its best line or row. */
function bestOf(block: readonly Candidate[], words: number, worth: Worth): readonly Candidate[] {
  const isCode = !block.some(({ shown, text }) => shown !== text);
  const total = block.reduce((sum, { shown }) => sum + wordsIn(shown), 0);
  if (isCode && block.length <= mostLines && total <= words) return block;
  const best = block.reduce((a, b) => ((worth?.(b) ?? 0) > (worth?.(a) ?? 0) ? b : a));
  return wordsIn(best.shown) <= words ? [best] : [];
}

/** Of code, beside the sentence that leads to it. */
const mostLines = 3;

const joined = (first: Candidate, second: Candidate): Candidate => ({
  ...first,
  text: first.passage.text.slice(first.start - first.passage.start, second.end - first.passage.start),
  shown: `${first.shown} ${second.shown}`,
  end: second.end,
});

const isAt = ({ passage, start }: Candidate, other: Candidate): boolean =>
  passage.document_id === other.passage.document_id && start >= other.start && start < other.end;

const wordsIn = (text: string): number => text.split(/\s+/).length;
