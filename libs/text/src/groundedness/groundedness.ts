import { analyseTerms } from '../terms.ts';
import { numbersIn, withoutNumbers } from './numbers.ts';
import { statementsIn, type Citing, type Statement } from './statements.ts';

/** A passage that an answer may be made from, under the number by which it is cited. */
export interface CitedPassage {
  readonly index: number;
  /** All of it that the answerer saw: title and headings, too. */
  readonly text: string;
}

export interface Share {
  readonly count: number;
  readonly supported: number;
}

/** How far the passages bear out what an answer says: nothing but words, numbers and names that are in both. */
export interface Groundedness {
  /** 0 to 1; longer sentences count more. */
  readonly score: number;
  /** Those that state something. */
  readonly sentences: Share;
  readonly numbers: Share;
  readonly names: Share;
  /** Whether each citation's passage bears out its sentence, in the order of the citations. */
  readonly citations: readonly boolean[];
}

/** A sentence is supported from this on. */
export const leastGroundedness = 0.6;

/** So much of an answer is looked at, and of all passages together. In UTF-16 units. */
const mostAnswer = 16_384;
const mostPassages = 65_536;

/**
 * Each sentence is held against the passages that it cites, taken together, or, where it cites none, against the one that
 * bears it out best. The share of its words that are there, times that of its numbers, times that of its names: one number
 * that nobody wrote spoils a sentence. Undefined where nothing is stated, or there is nothing to hold it against.
 * @param citations of the answer, in the order in which they stand
 */
export function groundednessOf(
  answer: string,
  passages: readonly CitedPassage[],
  citations: readonly Citing[],
): Groundedness | undefined {
  const evidence = evidenceOf(passages);
  const within = citations.filter(({ end }) => end <= mostAnswer);
  const statements = statementsIn(answer.slice(0, mostAnswer), within);
  if (evidence.size === 0 || statements.length === 0) return undefined;
  const held = statements.map((statement) => heldAgainst(statement, evidence, within));
  return summed(held, supportedIn(held, citations.length));
}

interface Evidence {
  readonly terms: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
}

/** By the passages' numbers. What no sentence is held against is not read: it takes most of the time. */
function evidenceOf(passages: readonly CitedPassage[]): Map<number, () => Evidence> {
  let left = mostPassages;
  const found = new Map<number, () => Evidence>();
  for (const { index, text } of passages) {
    const seen = text.slice(0, left);
    left -= seen.length;
    let read: Evidence | undefined;
    found.set(index, () => (read ??= readIn(seen)));
  }
  return found;
}

const readIn = (text: string): Evidence => ({
  terms: new Set(analyseTerms(withoutNumbers(text))),
  numbers: new Set(numbersIn(text)),
});

interface Held {
  readonly statement: Statement;
  readonly terms: number;
  readonly numbers: number;
  readonly names: number;
  /** The places of its citations whose passage bears it out. */
  readonly supporting: readonly number[];
}

function heldAgainst(
  statement: Statement,
  evidence: ReadonlyMap<number, () => Evidence>,
  citations: readonly Citing[],
): Held {
  const cited = statement.citations.flatMap((place) => {
    const passage = evidence.get(citations[place]!.index);
    return passage ? [{ place, passage: passage() }] : [];
  });
  const each =
    cited.length > 0 ? [] : [...evidence.values()].map((passage) => counted(statement, [passage()]));
  const best = each[0]
    ? each.reduce(better)
    : counted(
        statement,
        cited.map(({ passage }) => passage),
      );
  const supporting = cited.filter(({ passage }) => bearsOut(counted(statement, [passage]), cited.length));
  return { ...best, supporting: supporting.map(({ place }) => place) };
}

/** Of several passages that are cited for one sentence each is to have its part of the words. */
const bearsOut = (counts: Counted, cited: number): boolean =>
  cited === 1
    ? scoreOf(counts) >= leastGroundedness
    : share(counts.terms, counts.statement.terms) >= leastGroundedness / cited;

type Counted = Omit<Held, 'supporting'>;

function counted(statement: Statement, among: readonly Evidence[]): Counted {
  const { terms, numbers, names } = statement;
  const has = (term: string): boolean => among.some((passage) => passage.terms.has(term));
  return {
    statement,
    terms: terms.filter(has).length,
    numbers: numbers.filter((number) => among.some((passage) => passage.numbers.has(number))).length,
    names: names.filter(has).length,
  };
}

const better = (a: Counted, b: Counted): Counted => (scoreOf(b) > scoreOf(a) ? b : a);

const share = (found: number, of: readonly unknown[]): number => (of.length === 0 ? 1 : found / of.length);

const scoreOf = ({ statement, terms, numbers, names }: Counted): number =>
  share(terms, statement.terms) * share(numbers, statement.numbers) * share(names, statement.names);

const weightOf = ({ statement: { terms, numbers } }: Counted): number => terms.length + numbers.length;

function summed(held: readonly Held[], citations: readonly boolean[]): Groundedness {
  const total = (of: (one: Held) => number): number => held.reduce((sum, one) => sum + of(one), 0);
  const weight = total(weightOf);
  return {
    score: total((one) => scoreOf(one) * weightOf(one)) / weight,
    sentences: { count: held.length, supported: total((one) => (scoreOf(one) >= leastGroundedness ? 1 : 0)) },
    numbers: { count: total((one) => one.statement.numbers.length), supported: total((one) => one.numbers) },
    names: { count: total((one) => one.statement.names.length), supported: total((one) => one.names) },
    citations,
  };
}

/** One that belongs to no statement, and so to nothing that could be wrong, counts as supported. */
function supportedIn(held: readonly Held[], count: number): boolean[] {
  const unsupported = new Set(
    held.flatMap(({ statement, supporting }) =>
      statement.citations.filter((place) => !supporting.includes(place)),
    ),
  );
  return Array.from({ length: count }, (_, place) => !unsupported.has(place));
}
