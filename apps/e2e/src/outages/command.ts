import type { EngineName } from '../outside/engines.ts';
import { readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import { everyEngine, OutageTrial, type Outage } from './outage-trial.ts';

const help = `Outages: the engines of the distributed profile are killed and stay away, one after the other, while documents are pushed
and questions asked. What callers are told, what is logged, how soon all is well again, and whether anything is lost.

  npm run bench -- outages                          each engine is away for 60 s
  npm run bench -- outages --quick                  for 10 s

It kills the engines of this machine: npm run engines -- up
`;

const options = {
  away: { type: 'string', default: '60' },
  engines: { type: 'string', default: everyEngine.join(',') },
} as const;

export async function outages(args: string[]): Promise<number> {
  const { values, code } = readArguments(args, options, help);
  if (!values) return code;
  const report = (line: string): void => console.error(`  ${line}`);
  const engines = values.engines.split(',') as EngineName[];
  const found = await new OutageTrial({ engines, awayMs: Number(values.away) * 1000, report }).run();
  for (const { engine, answers, lines, lost } of found) {
    console.log(`\n${engine} away: answers, and lines of warnings and errors`);
    console.table(answers);
    console.table(lines);
    for (const line of lost) console.log(`  ${line}`);
  }
  tell(found.flatMap(casesOf));
  return 0;
}

function casesOf({
  engine,
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
      ...{ case: `${engine} away: acknowledged and not found`, value: lost.length, unit: 'documents' },
      ...{ n: acknowledged, goal: { sense: '<=', limit: 0 } },
    },
    {
      ...{ case: `${engine} away: answers other than a result or 503 with Retry-After`, value: wrong },
      ...{ unit: 'answers', n, goal: { sense: '<=', limit: 0 } },
    },
    {
      case: `${engine} away: warnings and errors logged by nine processes`,
      value: written,
      unit: 'lines',
      n: 1,
    },
    { case: `${engine} back: until ready`, value: readyAfter, unit: 's', n: 1 },
    { case: `${engine} back: until everything acknowledged is found`, value: settledAfter, unit: 's', n: 1 },
  ];
}
