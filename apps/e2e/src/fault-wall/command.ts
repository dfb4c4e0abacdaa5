import { isDeepStrictEqual } from 'node:util';
import { told, type ClientView, type UsageRecorded } from '@millrace/testing';
import { readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import { playFaults, silentTruncations, ways, type PlayedFault, type Way } from './played-faults.ts';

const help = `Fault wall: a language model's server does all that such servers are known to do wrong or oddly, and a client asks for a
stream and for the answer whole. What it sees, and what the usage record says; no answer that was cut off may look complete.

  npm run bench -- fault-wall
`;

export async function faultWall(args: string[]): Promise<number> {
  const { values, code } = readArguments(args, {}, help);
  if (!values) return code;
  const played = await playFaults('standalone');
  console.table(Object.fromEntries(played.map((one) => [one.fault.name, rowOf(one)])));
  for (const line of silentTruncations(played)) console.log(`  cut off silently: ${line}`);
  tell(casesOf(played));
  return 0;
}

const rowOf = (one: PlayedFault) => ({
  ...{ stream: shownView(one.stream.view), whole: shownView(one.whole.view) },
  record: [...new Set([...one.stream.records, ...one.whole.records].map(shownRecord))].join('; '),
  'as in the table': ways.every((way) => isSeenRight(one, way) && isRecordedRight(one, way)) ? 'yes' : 'NO',
});

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

const isSeenRight = ({ fault, ...played }: PlayedFault, way: Way): boolean =>
  isDeepStrictEqual(played[way].view, fault.alone[way]);

const isRecordedRight = ({ fault, ...played }: PlayedFault, way: Way): boolean =>
  isDeepStrictEqual(played[way].records, [fault.alone.record]);

function casesOf(played: readonly PlayedFault[]): TrialCase[] {
  const n = played.length * ways.length;
  const right = (name: string, isRight: (one: PlayedFault, way: Way) => boolean): TrialCase => {
    const value = played.flatMap((one) => ways.filter((way) => isRight(one, way))).length;
    return { case: name, value, unit: `of ${n}`, n, goal: { sense: '>=', limit: n } };
  };
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
