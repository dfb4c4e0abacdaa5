import { groundednessOf } from '@millrace/text';
import { Client } from '../client.ts';
import { falsified, namesOf, tellings, type Statements } from '../falsified-answers.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';
import { areaUnderCurve, bootstrapInterval, percentiles, repeatable, shareInterval } from '../statistics.ts';
import { readXquad, xquadFile, type Question } from '../xquad.ts';

export const groundedness: Measurement = {
  name: 'groundedness',
  summary:
    'XQuAD English: does the score of answers tell true ones from those made false, and what does it take',
  unavailable: () => needsSharedData(xquadFile),
  run: (context) => withServer({}, ({ url }) => judge(new Client(url, context.signal), context)),
};

const falsehoods = {
  number: 'a wrong number',
  name: 'a name of another article',
  swapped: 'another name of the paragraph',
  citation: 'a wrong citation',
  paragraph: 'without the paragraph',
} as const;
type Falsehood = keyof typeof falsehoods;
type Scores = Readonly<Record<'true' | Falsehood, number | undefined>>;

interface Found {
  readonly id: string;
  readonly text: string;
}

async function judge(client: Client, { quick, note }: BenchContext): Promise<Case[]> {
  const { paragraphs, questions } = await readXquad();
  note(`pushing ${paragraphs.length} paragraphs`);
  await client.putAll(paragraphs.map(({ id, text }) => [id, { text }] as const));
  await client.settled();
  const asked = quick ? questions.filter((_, i) => i % 8 === 0) : questions;
  const found = new Map<Question, readonly Found[]>();
  for (const question of asked) {
    const { results } = await client.search({ query: question.text, top_k: 9 });
    found.set(
      question,
      results.map(({ document_id: id, text }) => ({ id, text })),
    );
  }
  const texts = new Map(paragraphs.map(({ id, text }) => [id, text]));
  const cases: Case[] = [];
  for (const [telling, tell] of Object.entries(tellings)) {
    const random = repeatable();
    const scores = asked.flatMap((question) => {
      const paragraph = texts.get(question.paragraph)!;
      const statement = tell(question, paragraph);
      if (statement === undefined) return [];
      const elsewhere = namesOf(
        pick(
          paragraphs.filter(({ article }) => article !== question.article),
          random,
        ).text,
      );
      const statements = falsified(statement, paragraph, elsewhere, random);
      return [
        scoresOf(statements, { id: question.paragraph, text: paragraph }, found.get(question)!, random),
      ];
    });
    cases.push(...areas(telling, scores), ...reliability(telling, scores));
  }
  return [...cases, time([...found.values()])];
}

const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)]!;

/** True and made false as one sentence with a citation; without the paragraph, by any of the passages that are left. */
function scoresOf(
  statements: Statements,
  gold: Found,
  found: readonly Found[],
  random: () => number,
): Scores {
  const others = found.filter(({ id }) => id !== gold.id).slice(0, 7);
  const passages = [gold, ...others].map(({ text }, at) => ({ index: at + 1, text }));
  const score = (said: string | undefined, index?: number, among = passages): number | undefined =>
    said === undefined
      ? undefined
      : groundednessOf(said, among, index === undefined ? [] : [cited(said, index)])?.score;
  return {
    true: score(statements.true, 1),
    number: score(statements.number, 1),
    name: score(statements.name, 1),
    swapped: score(statements.swapped, 1),
    citation: score(statements.true, 2 + Math.floor(random() * others.length)),
    paragraph: score(statements.true, undefined, passages.slice(1)),
  };
}

/** Behind its end. */
const cited = ({ length }: string, index: number) => ({ start: length, end: length, index });

const known = (values: readonly (number | undefined)[]): number[] =>
  values.filter((value) => value !== undefined);

function areas(telling: string, scores: readonly Scores[]): Case[] {
  return Object.entries(falsehoods).map(([falsehood, name]) => {
    const of = scores.filter((one) => one[falsehood as Falsehood] !== undefined);
    const area = (drawn: readonly Scores[]): number =>
      areaUnderCurve(
        known(drawn.map((one) => one.true)),
        known(drawn.map((one) => one[falsehood as Falsehood])),
      );
    const figure = {
      case: `${telling}: area under the curve, ${name}`,
      value: area(of),
      unit: '',
      n: of.length,
    };
    return withoutGoal({ ...figure, ...bootstrapInterval(of, area) });
  });
}

const bins = [0, 0.2, 0.4, 0.6, 0.8, 0.95, 1.01];

/** Of the answers in a bin of scores, those that are true; each true one beside one of those made false of it. */
function reliability(telling: string, scores: readonly Scores[]): Case[] {
  const random = repeatable();
  const told = scores.flatMap((one) => {
    const made = (Object.keys(falsehoods) as Falsehood[]).filter((each) => one[each] !== undefined);
    return [
      { score: one.true, isTrue: true },
      { score: one[pick(made, random)], isTrue: false },
    ];
  });
  return bins.slice(0, -1).map((from, at) => {
    const to = bins[at + 1]!;
    const within = told.filter(({ score = -1 }) => score >= from && score < to);
    const right = within.filter(({ isTrue }) => isTrue).length;
    const name = `${telling}: true, of those with a score of ${from} to ${Math.min(to, 1)}`;
    const share = { case: name, value: within.length === 0 ? 0 : (100 * right) / within.length, unit: '%' };
    return withoutGoal({
      ...share,
      n: within.length,
      ...(within.length > 0 && shareInterval(right, within.length)),
    });
  });
}

/** As long as an answer of 300 tokens, about. */
const answerChars = 1200;

function time(found: readonly (readonly Found[])[]): Case {
  const millis = found.map((results) => {
    const passages = results.slice(0, 8).map(({ text }, at) => ({ index: at + 1, text }));
    const pieces = passages.map(({ text }) => `${text.slice(0, answerChars / 8)}. `);
    const ends = pieces.map((_, at) => pieces.slice(0, at + 1).join('').length - 1);
    const citations = ends.map((end, at) => ({ start: end, end, index: at + 1 }));
    const began = performance.now();
    groundednessOf(pieces.join(''), passages, citations);
    return performance.now() - began;
  });
  const spread = percentiles(millis);
  const figure = {
    case: 'time of an answer of 1,200 characters with 8 passages',
    value: spread.p50,
    unit: 'ms',
  };
  return withGoal({ ...figure, ...spread }, { sense: '<=', limit: 1 });
}
