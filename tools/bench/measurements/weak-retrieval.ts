import type { ChatCompletion, Filter } from '@millrace/contracts';
import { Client } from '../client.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { withServer } from '../server.ts';
import { needsSharedData } from '../shared-data.ts';
import { areaUnderCurve, bootstrapInterval, shareInterval } from '../statistics.ts';
import { readXquad, xquadFile, type Question } from '../xquad.ts';

export const weakRetrieval: Measurement = {
  name: 'weak-retrieval',
  summary:
    'XQuAD English: is a question refused whose paragraph is there, and answered whose paragraph is not',
  unavailable: () => needsSharedData(xquadFile),
  run: (context) => withServer(embeddingModel(), ({ url }) => ask(new Client(url, context.signal), context)),
};

/** Another than the default, where the person has named one: does the threshold hold for it. */
function embeddingModel() {
  const name = process.env['MILLRACE_MODELS_EMBEDDING'];
  return { env: name ? { MILLRACE_MODELS_EMBEDDING: name } : {} };
}

/** Of 100 questions that can be answered so many may be refused: the threshold is the highest that keeps to it. */
const mayBeRefused = 2;

/** The default of `MILLRACE_GENERATION_LEAST_SUPPORT`. */
const inUse = 0.37;

/** What is there of a question's article: all, all but its paragraph, nothing. */
const settings = {
  there: () => undefined,
  'paragraph gone': ({ paragraph }) => ({ $not: { id: paragraph } }),
  'article gone': ({ article }) => ({ $not: { article } }),
} satisfies Record<string, (question: Question) => Filter | undefined>;
type Setting = keyof typeof settings;

interface Outcome {
  readonly support: number;
  /** Extracts have a threshold of their own, for sentences. */
  readonly extracted: boolean;
}
type Outcomes = Readonly<Record<Setting, Outcome>>;

async function ask(client: Client, { quick, note }: BenchContext): Promise<Case[]> {
  const { paragraphs, questions } = await readXquad();
  note(`pushing ${paragraphs.length} paragraphs`);
  await client.putAll(
    paragraphs.map(({ id, text, article }) => [id, { text, metadata: { article } }] as const),
  );
  await client.settled();
  const asked = quick ? questions.filter((_, i) => i % 8 === 0) : questions;
  note(`asking ${asked.length} questions three times`);
  const parts: [Outcomes[], Outcomes[]] = [[], []];
  for (const question of asked) parts[question.article % 2]!.push(await outcomesOf(client, question));
  const [tuning, reported] = parts;
  return [
    withoutGoal({
      case: 'threshold tuned on every second article',
      value: highestFor(tuning.map(({ there }) => there.support)),
      unit: '',
      n: tuning.length,
    }),
    ...atThreshold(reported, inUse),
    ...separated(reported),
  ];
}

async function outcomesOf(client: Client, question: Question): Promise<Outcomes> {
  const outcomes: Partial<Record<Setting, Outcome>> = {};
  for (const [setting, filterOf] of Object.entries(settings)) {
    const filter = filterOf(question);
    // Judged, and answered whatever comes of it.
    const retrieval = { least_support: Number.MIN_VALUE, ...(filter && { filter }) };
    const messages = [{ role: 'user', content: question.text }];
    const { millrace } = await client.json<ChatCompletion>('POST', '/v1/chat/completions', {
      ...{ messages, millrace: { retrieval } },
    });
    // What is not judged is answered.
    outcomes[setting as Setting] = { support: millrace.support ?? 1, extracted: !millrace.unanswered };
  }
  return outcomes as Outcomes;
}

function highestFor(supports: readonly number[]): number {
  const sorted = [...supports].sort((a, b) => a - b);
  return Math.floor(100 * sorted[Math.floor((mayBeRefused / 100) * sorted.length)]!) / 100;
}

function atThreshold(outcomes: readonly Outcomes[], threshold: number): Case[] {
  const share = (name: string, of: (one: Outcomes) => boolean): Omit<Case, 'holds'> => {
    const count = outcomes.filter(of).length;
    const n = outcomes.length;
    return { case: name, value: (100 * count) / n, unit: '%', n, ...shareInterval(count, n) };
  };
  const answered = ({ support }: Outcome): boolean => support >= threshold;
  return [
    withGoal(
      share('at the default, the others: paragraph there, refused', ({ there }) => !answered(there)),
      {
        ...{ sense: '<=', limit: 5 },
      },
    ),
    withoutGoal(share('... paragraph gone, answered', (one) => answered(one['paragraph gone']))),
    withoutGoal(share('... article gone, answered', (one) => answered(one['article gone']))),
    withoutGoal(
      share('extracts: paragraph there, refused', ({ there }) => !answered(there) || !there.extracted),
    ),
    ...(['paragraph gone', 'article gone'] as const).map((setting) =>
      withoutGoal(share(`... ${setting}, answered`, ({ [setting]: one }) => answered(one) && one.extracted)),
    ),
  ];
}

/** How well the support tells them apart at any threshold. */
const separated = (outcomes: readonly Outcomes[]): Case[] =>
  (['paragraph gone', 'article gone'] as const).map((setting) => {
    const area = (drawn: readonly Outcomes[]): number =>
      areaUnderCurve(
        drawn.map(({ there }) => there.support),
        drawn.map(({ [setting]: gone }) => gone.support),
      );
    const figure = { case: `area under the curve, ${setting}`, value: area(outcomes), unit: '' };
    return withoutGoal({ ...figure, n: outcomes.length, ...bootstrapInterval(outcomes, area) });
  });
