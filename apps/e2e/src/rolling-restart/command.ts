import { readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import { RollingRestart, type RollingRestartResult } from './rolling-restart.ts';

const help = `Rolling restart: every process of the distributed profile is asked to stop (SIGTERM) and replaced, one after the other,
while callers push, search, chat, embed, moderate and transcribe. No request may fail, nothing acknowledged be lost.

  npm run bench -- rolling-restart                  6 callers, 2 replicas of every service and of the gateway
  npm run bench -- rolling-restart --quick          2 callers

It needs the engines: npm run engines -- up
`;

const options = {
  callers: { type: 'string', default: '6' },
  replicas: { type: 'string', default: '2' },
} as const;

export async function rollingRestart(args: string[]): Promise<number> {
  const { values, code } = readArguments(args, options, help);
  if (!values) return code;
  const report = (line: string): void => console.error(`  ${line}`);
  const [callers, replicas] = [Number(values.callers), Number(values.replicas)];
  const result = await new RollingRestart({ callers, replicas, report }).run();
  console.log('Answers');
  console.table(result.answers);
  for (const line of result.lost) console.log(`  ${line}`);
  tell(casesOf(result));
  return 0;
}

function casesOf({ answers, durations, ...result }: RollingRestartResult): TrialCase[] {
  const { restarts, searchable, acknowledged, lost } = result;
  const all = Object.values(answers).flatMap((counts) => Object.entries(counts));
  const sum = (some: typeof all): number => some.reduce((total, [, times]) => total + times, 0);
  const seconds = Object.values(restarts);
  const none = { sense: '<=', limit: 0 } as const;
  return [
    {
      ...{ case: 'failed requests', value: sum(all.filter(([answer]) => answer !== 'ok')), unit: 'requests' },
      ...{ n: sum(all), goal: none },
    },
    {
      ...{ case: 'acknowledged and not found', value: lost.length, unit: 'documents' },
      ...{ n: acknowledged, goal: none },
    },
    { case: 'processes replaced', value: seconds.length, unit: 'processes', n: seconds.length },
    { case: '... each in at most', value: Math.max(...seconds), unit: 's', n: seconds.length },
    { case: 'the longest request', value: Math.max(...durations), unit: 'ms', n: durations.length },
    { case: 'accepted to searchable, p50', value: middle(searchable), unit: 'ms', n: searchable.length },
    { case: '... the longest', value: Math.max(...searchable), unit: 'ms', n: searchable.length },
  ];
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
