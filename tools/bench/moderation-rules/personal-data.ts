import { readFile } from 'node:fs/promises';
import type { ModerationFinding } from '@millrace/contracts';
import { estimated } from '../../train-moderation/bootstrap.ts';
import { withGoal, withoutGoal, type Case } from '../measurement.ts';
import { sharedData } from '../shared-data.ts';
import { harmlessTexts } from './harmless-texts.ts';
import type { RuledTexts } from './ruled-texts.ts';
import { shareOf } from './shares.ts';

/** Microsoft's made-up sentences, with where personal data stands in them. */
export const personalDataSet = 'moderation/pii-large.json';

interface Labelled {
  readonly full_text: string;
  readonly spans: readonly {
    readonly entity_type: string;
    readonly start_position: number;
    readonly end_position: number;
  }[];
}

/** What the set calls that which a category is about. Of its dates it does not say which are of a birth. */
const types: Readonly<Record<string, readonly string[]>> = {
  'pii/payment-card': ['CREDIT_CARD'],
  'pii/bank-account': ['IBAN_CODE'],
  'pii/email': ['EMAIL_ADDRESS'],
  'pii/phone': ['PHONE_NUMBER'],
  'pii/ip-address': ['IP_ADDRESS'],
  'pii/identity-number': ['US_SSN', 'US_DRIVER_LICENSE'],
};

/** Of one text: spans that are labelled, and of them found whole; places found, and of them labelled. */
interface Counted {
  readonly labelled: number;
  readonly covered: number;
  readonly found: number;
  readonly right: number;
}

const goals = { F1: { sense: '>=', limit: 0.85 }, falseAlarms: { sense: '<=', limit: 0.05 } } as const;

export async function personalData({ find }: RuledTexts): Promise<Case[]> {
  const texts = JSON.parse(await readFile(sharedData(personalDataSet), 'utf8')) as readonly Labelled[];
  const findings: (readonly ModerationFinding[])[] = [];
  for (const { full_text } of texts) findings.push(await find(full_text));
  const counts = Object.keys(types).map((category) =>
    texts.map((text, at) => counted(text, category, findings[at]!)),
  );
  const all = texts.map((_, at) => counts.map((each) => each[at]!).reduce(together));
  return [
    ...Object.keys(types).flatMap((category, at) => figures(category, counts[at]!)),
    ...figures('personal data, all of these', all),
    ...(await falseAlarms(find)),
  ];
}

function counted(
  { full_text: text, spans }: Labelled,
  category: string,
  all: readonly ModerationFinding[],
): Counted {
  const labelled = spans.filter(({ entity_type }) => types[category]!.includes(entity_type));
  const found = united(all.filter((finding) => finding.category === category && finding.start < text.length));
  return {
    labelled: labelled.length,
    covered: labelled.filter((span) =>
      found.some(({ start, end }) => start <= span.start_position && end >= span.end_position),
    ).length,
    found: found.length,
    right: found.filter(({ start, end }) =>
      labelled.some((span) => span.start_position < end && span.end_position > start),
    ).length,
  };
}

/** Two rules may find one place. */
function united(findings: readonly Pick<ModerationFinding, 'start' | 'end'>[]) {
  const places: { start: number; end: number }[] = [];
  for (const { start, end } of findings.toSorted((one, other) => one.start - other.start)) {
    const last = places.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else places.push({ start, end });
  }
  return places;
}

const together = (one: Counted, other: Counted): Counted => ({
  labelled: one.labelled + other.labelled,
  covered: one.covered + other.covered,
  found: one.found + other.found,
  right: one.right + other.right,
});

const precisionOf = ({ right, found }: Counted): number => right / found;
const recallOf = ({ covered, labelled }: Counted): number => covered / labelled;

function figures(name: string, counts: readonly Counted[]): Case[] {
  const measures = {
    precision: precisionOf,
    recall: recallOf,
    F1: (sum: Counted) => (2 * precisionOf(sum) * recallOf(sum)) / (precisionOf(sum) + recallOf(sum)),
  };
  const { labelled: n } = counts.reduce(together);
  const touched = counts.filter(({ labelled, found }) => labelled + found > 0);
  return Object.entries(measures).map(([measure, of]) => {
    const estimate = estimated(touched, (sample) => of(sample.reduce(together)));
    const made = { case: `${name}: ${measure}`, unit: 'of 1', n, ...estimate };
    return measure === 'F1' ? withGoal(made, goals.F1) : withoutGoal(made);
  });
}

/** E-mails have addresses in them. */
async function falseAlarms(find: RuledTexts['find']): Promise<Case[]> {
  const { 'e-mails': _, ...without } = await harmlessTexts();
  const isFound = async (text: string): Promise<boolean> =>
    (await find(text)).some(({ category }) => category.startsWith('pii/'));
  const cases: Case[] = [];
  for (const [name, texts] of Object.entries(without)) {
    const made = { case: `personal data in ${name}: false alarms`, ...(await shareOf(texts, isFound)) };
    cases.push(withGoal(made, goals.falseAlarms));
  }
  return cases;
}
