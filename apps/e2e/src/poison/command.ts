import { readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import { kindsOfPoison } from './kinds.ts';
import { PoisonTrial, type PoisonResult } from './poison-trial.ts';

const help = `Poison: good documents come through documents.v1 into the distributed profile, the second half of them with ${kindsOfPoison} kinds of
events among them that cannot be handled. Each has to become a dead letter that says what to mend, the good ones must not
feel it; then what is wrong is mended, and one replay has to bring everything home.

  npm run bench -- poison                                  5,000 good documents, 5 of each kind
  npm run bench -- poison --quick                          200 good documents, 1 of each kind

It needs the engines: npm run engines -- up
`;

const options = {
  good: { type: 'string', default: '5000' },
  'of-each-kind': { type: 'string', default: '5' },
} as const;

export async function poison(args: string[]): Promise<number> {
  const { values, code } = readArguments(args, options, help);
  if (!values) return code;
  const report = (line: string): void => console.error(`  ${line}`);
  const [good, ofEachKind] = [Number(values.good), Number(values['of-each-kind'])];
  const result = await new PoisonTrial({ good, ofEachKind, report }).run();
  for (const line of result.untold) report(line);
  tell(casesOf(result));
  if (!process.send) console.log(result);
  return 0;
}

function casesOf({ good, indexed, rates, poison: all, told, home, left }: PoisonResult): TrialCase[] {
  const every = (name: string, value: number, of: number): TrialCase => ({
    ...{ case: name, value, unit: `of ${of}`, n: of, goal: { sense: '>=', limit: of } },
  });
  const rate: TrialCase = {
    ...{ case: 'good documents, poison among them', value: rates.among, unit: '1/s', n: Math.ceil(good / 2) },
    ...{ peer: 'the other half, alone', peer_value: rates.alone, ratio: rates.among / rates.alone },
    goal: { sense: '>=', limit: 0.9 },
  };
  return [
    every('good documents that can be found', indexed, good),
    rate,
    every('dead letters that say what to mend', told, all),
    every('home by one replay, corrected where they were broken as sent', home, all),
    { case: 'dead letters left', value: left, unit: '', n: all, goal: { sense: '<=', limit: 0 } },
  ];
}
