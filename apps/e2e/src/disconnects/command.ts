import { readArguments } from '../trial-arguments.ts';
import { tell, type TrialCase } from '../trial-case.ts';
import { leaveAtRandom, type DisconnectsResult } from './disconnects.ts';

const help = `Disconnects: askers of streamed answers leave at random moments: while passages are looked up, while the language model is
waited for, in the middle of its answer, at its end. The model must be let go of at once, and each question have its usage
record. The back end here would never end an answer by itself.

  npm run bench -- disconnects                             1,000 questions
  npm run bench -- disconnects --quick                     200
`;

const options = {
  questions: { type: 'string', default: '1000' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
} as const;

export async function disconnects(args: string[]): Promise<number> {
  const { values, code } = readArguments(args, options, help);
  if (!values) return code;
  const [questions, seed] = [Number(values.questions), Number(values.seed)];
  const result = await leaveAtRandom({ questions, seed });
  console.error(`  seed ${seed}; left while ${shown(result.left)}; recorded as ${shown(result.outcomes)}`);
  for (const name of result.unrecorded.slice(0, 20)) console.error(`  not one record: ${name}`);
  tell(casesOf(result, questions));
  if (!process.send) console.table(casesOf(result, questions));
  return 0;
}

const shown = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

function casesOf({ letGoMs, orphans, unrecorded, memory }: DisconnectsResult, n: number): TrialCase[] {
  const sorted = letGoMs.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const asked = letGoMs.length;
  return [
    { case: 'until the back end is let go, p50', value: at(0.5), unit: 'ms', n: asked },
    {
      ...{ case: 'until the back end is let go, p99', value: at(0.99), unit: 'ms', n: asked },
      goal: { sense: '<=', limit: 100 },
    },
    {
      case: 'requests that go on without an asker',
      value: orphans,
      unit: '',
      n,
      goal: { sense: '<=', limit: 0 },
    },
    {
      ...{ case: 'questions with one usage record', value: n - unrecorded.length, unit: `of ${n}`, n },
      goal: { sense: '>=', limit: n },
    },
    {
      ...{ case: 'memory of the server at the end', value: memory.late, unit: 'MB', n },
      ...{ peer: 'after a fifth', peer_value: memory.early, ratio: memory.late / memory.early },
      goal: { sense: '<=', limit: 1.1 },
    },
  ];
}
