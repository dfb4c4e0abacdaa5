import { isDeepStrictEqual } from 'node:util';
import { told, type ClientView, type UsageRecorded } from '@millrace/testing';
import { readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import {
  expected,
  nameOf,
  playFaults,
  settings,
  silentTruncations,
  ways,
  type Played,
  type PlayedFault,
} from './played-faults.ts';

const help = `Fault wall: a language model's server does all that such servers are known to do wrong or oddly, and a client asks for a
stream and for the answer whole, by chat completions, completions and responses. What it sees, alone and with another server
behind, and what the usage record says; no answer that was cut off may look complete.

  npm run bench -- fault-wall
`;

export async function faultWall(args: string[]): Promise<number> {
  const { values, code } = readArguments(args, {}, help);
  if (!values) return code;
  const played = await playFaults('standalone');
  console.table(Object.fromEntries(played.map((one) => [nameOf(one), rowOf(one)])));
  for (const line of silentTruncations(played)) console.log(`  cut off silently: ${line}`);
  tell(casesOf(played));
  return 0;
}

const rowOf = (one: PlayedFault) => {
  const { alone, withAnother } = one;
  const all = answersOf(one);
  return {
    ...{ stream: shownView(alone.stream.view), whole: shownView(alone.whole.view) },
    'with another': shownView(withAnother.stream.view),
    record: [...new Set(all.flatMap(({ seen }) => seen.records.map(shownRecord)))].join('; '),
    'as in the table': all.every((answer) => isSeenRight(answer) && isRecordedRight(answer)) ? 'yes' : 'NO',
  };
};

interface Answer {
  readonly seen: Played;
  readonly view: ClientView;
  readonly record: UsageRecorded;
}

/** As it was seen, and as it should be. */
const answersOf = ({ fault, ...one }: PlayedFault): Answer[] =>
  settings.flatMap((setting) =>
    ways.map((way) => {
      const right = expected(fault, setting);
      return { seen: one[setting][way], view: right[way], record: right.record };
    }),
  );

function shownView({ status, text, end, retryAfter }: ClientView): string {
  if (end === 'stop' && text === told()) return 'all, stop';
  if (text !== '') return `${amount(text)}, ${end}`;
  return `${status} ${end}${retryAfter === undefined ? '' : `, after ${retryAfter} s`}`;
}

function amount(text: string): string {
  const tokens = text.split(' ').length;
  return text === told(tokens) ? `${tokens} of 60` : `${text.length} characters`;
}

const shownRecord = ({ outcome, completionTokens, estimated }: UsageRecorded): string =>
  `${outcome}, ${completionTokens} ${estimated ? 'estimated' : 'counted'}`;

const isSeenRight = ({ seen, view }: Answer): boolean => isDeepStrictEqual(seen.view, view);
const isRecordedRight = ({ seen, record }: Answer): boolean => isDeepStrictEqual(seen.records, [record]);

function casesOf(played: readonly PlayedFault[]): TrialCase[] {
  const answers = played.flatMap(answersOf);
  const n = answers.length;
  const right = (name: string, isRight: (answer: Answer) => boolean): TrialCase => ({
    ...{ case: name, value: answers.filter(isRight).length, unit: `of ${n}`, n },
    goal: { sense: '>=', limit: n },
  });
  const truncations = silentTruncations(played).length;
  return [
    right('answers that the client sees as the table has them', isSeenRight),
    right('answers with one usage record, as the table has it', isRecordedRight),
    {
      ...{ case: 'answers cut off that look complete', value: truncations, unit: `of ${n}`, n },
      goal: { sense: '<=', limit: 0 },
    },
  ];
}
