import { fork } from 'node:child_process';
import { engine } from '@millrace/testing';
import { withGoal, withoutGoal, type Case, type Goal, type Measurement } from '../measurement.ts';

/** A figure as the end-to-end suite gives it. */
type Figure = Omit<Case, 'goal' | 'holds'> & { readonly goal?: Goal };

/** A trial of the end-to-end suite, in a process of its own. */
const standaloneTrial = (
  name: string,
  summary: string,
  full: string[] = [],
  quick: string[] = full,
): Measurement => ({
  name,
  summary,
  run: async (context) => {
    const args = context.quick ? quick : full;
    context.note([name, ...args].join(' '));
    const child = fork('dist/apps/e2e/main.js', [name, ...args], { signal: context.signal });
    const figures: Figure[] = [];
    child.on('message', (message: { cases: readonly Figure[] }) => void figures.push(...message.cases));
    const code = await new Promise<number | null>((ended, failed) => {
      child.once('exit', ended).once('error', failed);
    });
    if (figures.length === 0) throw new Error(`the trial ended with ${code} and gave no figures`);
    if (code !== 0) context.note(`the trial ended with ${code}: these figures are not all of it`);
    return figures.map(asCase);
  },
});

const distributedTrial = (...trial: Parameters<typeof standaloneTrial>): Measurement => ({
  ...standaloneTrial(...trial),
  unavailable: () => (engine('kafka') ? undefined : 'it needs the engines: npm run engines -- up'),
});

function asCase({ goal, ...figure }: Figure): Case {
  if (!goal) return withoutGoal(figure);
  return withGoal(figure, goal, figure.ratio === undefined ? 'value' : 'ratio');
}

const throughTopic = ['--distributed', '--topic', '--victims', 'services'];

export const killWall = distributedTrial(
  'kill-wall',
  'documents through documents.v1 while services are killed with -9: what is lost, doubled, mixed, resurrected',
  [...throughTopic, '--documents', '10000', '--kills', '200', '--flushes', '5'],
  [...throughTopic, '--documents', '200', '--kills', '20', '--flushes', '1'],
);

export const poison = distributedTrial(
  'poison',
  'events that cannot be handled among good ones: dead letters, good ones unaffected, all home once mended',
  [],
  ['--good', '200', '--of-each-kind', '1'],
);

export const outages = distributedTrial(
  'outages',
  'each engine away for a minute, and no room on its disk for blobs: what callers are told, what is logged, how soon all is well, what is lost',
  ['--lasts', '60'],
  ['--lasts', '10'],
);

export const rollingRestart = distributedTrial(
  'rolling-restart',
  'every process is stopped and replaced in turn under load: failed requests, the pause, what is lost',
  [],
  ['--callers', '2'],
);

export const faultWall = standaloneTrial(
  'fault-wall',
  'a language model’s server does all that such servers do wrong: what clients see and what usage records say',
);

export const disconnects = standaloneTrial(
  'disconnects',
  'askers of streamed answers who leave at random moments: how soon the language model is let go of, orphans, usage records, memory',
  [],
  ['--questions', '200'],
);
