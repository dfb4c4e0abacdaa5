import { misused, readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';
import { OutageTrial, type Outage } from './outage-trial.ts';

const help = `Outages: the engines of the distributed profile are killed and stay away, one after the other, and the disk of the S3
server runs full, while documents are pushed and questions asked. What callers are told, what is logged, how soon all is
well again, and whether anything is lost.

  npm run bench -- outages                          each fault lasts 60 s
  npm run bench -- outages --quick                  for 10 s

  --faults kafka,redis,postgres,qdrant,s3,s3-full   these alone

It kills the engines of this machine (npm run engines -- up), and mounts a small file system for S3, as root.
`;

const options = {
  lasts: { type: 'string', default: '60' },
  faults: { type: 'string', default: Object.keys(faults).join(',') },
} as const;

export async function outages(args: string[]): Promise<number> {
  const { values, code } = readArguments(args, options, help);
  if (!values) return code;
  const report = (line: string): void => console.error(`  ${line}`);
  const chosen = values.faults.split(',');
  const unknown = chosen.find((name) => !isFault(name));
  if (unknown !== undefined) return misused(`there is no fault named ${unknown}`, help);
  const able = chosen.filter(isFault).flatMap((name) => {
    const fault: Fault = faults[name];
    const missing = fault.missing?.();
    if (missing) report(`NOT RUN: ${fault.name}: ${missing}`);
    return missing ? [] : [fault];
  });
  let failures = 0;
  await new OutageTrial({
    faults: able,
    lastsMs: Number(values.lasts) * 1000,
    report,
    onOutage: (outage) => {
      show(outage);
      tell(casesOf(outage));
    },
    onFailure: (fault, reason) => {
      failures++;
      report(`${fault}: the trial failed: ${String(reason)}`);
      tell([failureOf(fault)]);
    },
  }).run();
  return failures > 0 ? 1 : 0;
}

function show({ fault, answers, lines, lost }: Outage): void {
  console.log(`\n${fault}: answers, and lines of warnings and errors`);
  console.table(answers);
  console.table(lines);
  for (const line of lost) console.log(`  ${line}`);
}

const failureOf = (fault: string): TrialCase => ({
  ...{ case: `${fault}: the trial itself failed, nothing was measured`, value: 1, unit: 'trials', n: 1 },
  goal: { sense: '<=', limit: 0 },
});

const isFault = (name: string): name is keyof typeof faults => Object.hasOwn(faults, name);

function casesOf({
  fault,
  answers,
  lines,
  readyAfter,
  settledAfter,
  acknowledged,
  lost,
}: Outage): TrialCase[] {
  const callers = Object.entries(answers).filter(([question]) => question !== 'ready' && question !== 'live');
  const all = callers.flatMap(([, counts]) => Object.entries(counts));
  const count = (some: readonly (readonly [string, number])[]): number =>
    some.reduce((sum, [, times]) => sum + times, 0);
  const honest = new Set(['200', '202', '429', '503']);
  const n = count(all);
  const wrong = count(all.filter(([answer]) => !honest.has(answer)));
  const written = count(Object.entries(lines));
  return [
    {
      ...{ case: `${fault}: acknowledged and not found`, value: lost.length, unit: 'documents' },
      ...{ n: acknowledged, goal: { sense: '<=', limit: 0 } },
    },
    {
      ...{ case: `${fault}: answers other than a result or 503 with Retry-After`, value: wrong },
      ...{ unit: 'answers', n, goal: { sense: '<=', limit: 0 } },
    },
    {
      case: `${fault}: warnings and errors logged by nine processes`,
      value: written,
      unit: 'lines',
      n: 1,
    },
    { case: `after ${fault}: until ready`, value: readyAfter, unit: 's', n: 1 },
    { case: `after ${fault}: until everything acknowledged is found`, value: settledAfter, unit: 's', n: 1 },
  ];
}
