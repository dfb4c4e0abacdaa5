import { readFile } from 'node:fs/promises';
import { LinearClassifier } from '@millrace/adapters/linear-classifier';
import { estimated } from '../../train-moderation/bootstrap.ts';
import { crossValidated, type Verdict } from '../../train-moderation/cross-validation.ts';
import { categories } from '../../train-moderation/example.ts';
import { readExamples } from '../../train-moderation/examples.ts';
import { anyHarm, figuresOf, type Figure } from '../../train-moderation/figures.ts';
import { moderationSet } from '../../train-moderation/moderation-set.ts';
import { variants } from '../../train-moderation/variants.ts';
import { vectorsOf } from '../../train-moderation/vectors.ts';
import { withGoal, withoutGoal, type BenchContext, type Case, type Measurement } from '../measurement.ts';
import { harmlessFiles, harmlessTexts } from '../moderation-rules/harmless-texts.ts';
import { injections, injectionSets } from '../moderation-rules/injections.ts';
import { personalData, personalDataSet } from '../moderation-rules/personal-data.ts';
import { startRuledTexts } from '../moderation-rules/ruled-texts.ts';
import { needsSharedData, sharedData } from '../shared-data.ts';
import { percentiles } from '../statistics.ts';
import { readXquad, xquadFile } from '../xquad.ts';

const harmfulSet = 'moderation/harmbench/harmbench_prompts.txt';

export const moderation: Measurement = {
  name: 'moderation',
  summary:
    'moderation: what the classifier tells apart, by cross-validation; what rules find of personal data and injected instructions; false alarms on harmless texts; time',
  unavailable: () =>
    needsSharedData(
      ...[moderationSet, xquadFile, harmfulSet, personalDataSet],
      ...[harmlessFiles, injectionSets].flatMap((files) => Object.values(files)),
    ),
  run: async (context) => [
    ...(await crossValidation(context)),
    ...(await elsewhere(context)),
    ...(await times(context)),
    ...(await byRules(context)),
  ],
};

/** Word and character n-grams with logistic regression, as measured before Millrace had a classifier. */
const before: Readonly<Record<string, number>> = { AP: 0.76, AUC: 0.86, F1: 0.7 };
const goals = { AUC: { sense: '>=', limit: 0.9 }, 'false alarms': { sense: '<=', limit: 0.05 } } as const;

/** The variants that ship; without --quick also what each part does alone. */
async function crossValidation({ quick, note }: BenchContext): Promise<Case[]> {
  note('the vectors of all texts');
  const examples = await readExamples();
  const measured = quick ? variants.slice(-2) : variants;
  const verdicts = crossValidated(
    examples,
    measured.map(({ parts }) => parts),
    note,
  );
  const cases = measured.map(({ name }, at) => ofAnyHarm(name, verdicts[at]!, at === measured.length - 1));
  return [...cases.flat(), ...categories.flatMap((category) => ofEach(category, verdicts.at(-1)!))];
}

const ofAnyHarm = (variant: string, verdicts: readonly Verdict[], isBest: boolean): Case[] =>
  anyHarm.map((figure) => {
    const { name } = figure;
    const made = {
      ...intervalOf(`any harm by ${variant}: ${name}`, verdicts, figure),
      ...besideBefore(name),
    };
    const goal = isBest && name in goals ? goals[name as keyof typeof goals] : undefined;
    return goal ? withGoal(made, goal) : withoutGoal(made);
  });

const besideBefore = (figure: string) =>
  before[figure] === undefined ? {} : { peer: 'n-grams before', peer_value: before[figure] };

const ofEach = (category: (typeof categories)[number], verdicts: readonly Verdict[]): Case[] =>
  figuresOf(category).map((figure) =>
    withoutGoal(intervalOf(`${category}: ${figure.name}`, verdicts, figure)),
  );

function intervalOf(name: string, verdicts: readonly Verdict[], { of, value }: Figure) {
  const cases = of(verdicts);
  return { case: name, unit: 'of 1', n: cases.length, ...estimated(cases, value) };
}

/** Texts of other kinds than were trained on, by the weights that ship. */
async function elsewhere({ note }: BenchContext): Promise<Case[]> {
  note('texts from elsewhere');
  const classifier = await LinearClassifier.open();
  const cases: Case[] = [];
  for (const [name, texts] of Object.entries(await harmlessTexts()))
    for (const [how, value] of await flagged(classifier, texts)) {
      const made = { case: `${name}, ${how}: false alarms`, value, unit: 'of 1', n: texts.length };
      cases.push(withGoal(made, goals['false alarms']));
    }
  const harmful = (await readFile(sharedData(harmfulSet), 'utf8')).split('\n').filter(Boolean);
  for (const [how, value] of await flagged(classifier, harmful)) {
    const made = { case: `HarmBench, mostly of kinds not trained on, ${how}: found`, value, unit: 'of 1' };
    cases.push(withoutGoal({ ...made, n: harmful.length }));
  }
  return cases;
}

/** The share of the texts in which anything is found. */
async function flagged(
  classifier: LinearClassifier,
  texts: readonly string[],
): Promise<readonly (readonly [how: string, share: number])[]> {
  const heads = texts.map((text) => text.slice(0, classifier.maxChars));
  const vectors = await vectorsOf(heads);
  const shareOf = async (vectorOf: (at: number) => Float32Array | undefined): Promise<number> => {
    let found = 0;
    for (const [at, text] of heads.entries()) {
      const vector = vectorOf(at);
      const scores = await classifier.classify(
        { text, ...(vector && { vector: [...vector] }) },
        { deadline: Infinity },
      );
      if (scores.some((score) => score.found)) found++;
    }
    return found / heads.length;
  };
  return [
    ['by the text alone', await shareOf(() => undefined)],
    ['with vectors', await shareOf((at) => vectors[at])],
  ];
}

const characters = 1_000;

async function times({ quick, note }: BenchContext): Promise<Case[]> {
  note('time');
  const classifier = await LinearClassifier.open();
  const { paragraphs } = await readXquad();
  const text = paragraphs.map((paragraph) => paragraph.text).join('\n');
  const count = Math.min(quick ? 100 : 1_000, Math.floor(text.length / characters));
  const judge = async (at: number): Promise<number> => {
    const began = performance.now();
    await classifier.classify(
      { text: text.slice(at * characters, (at + 1) * characters) },
      { deadline: Infinity },
    );
    return performance.now() - began;
  };
  for (let at = 0; at < count; at++) await judge(at);
  const taken: number[] = [];
  for (let at = 0; at < count; at++) taken.push(await judge(at));
  const { p50, ...rest } = percentiles(taken);
  return [
    withoutGoal({ case: `${characters} characters without a vector`, value: p50, unit: 'ms', p50, ...rest }),
  ];
}

async function byRules({ note }: BenchContext): Promise<Case[]> {
  const texts = await startRuledTexts();
  try {
    note('personal data');
    const found = await personalData(texts);
    note('injected instructions');
    return [...found, ...(await injections(texts))];
  } finally {
    await texts.stop();
  }
}
