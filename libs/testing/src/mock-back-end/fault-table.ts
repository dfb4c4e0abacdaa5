import { modelList } from './completion-frames.ts';
import { brokenStreams } from './faults/broken-streams.ts';
import type { Fault } from './faults/fault.ts';
import { oddStreams } from './faults/odd-streams.ts';
import { refusals } from './faults/refusals.ts';
import { ending, telling } from './faults/told-text.ts';
import { answerWith, playOf, stream, type Play } from './plays.ts';

/** All that a language model's server is known to do wrong or oddly. A new fault is a row in one of these. */
export const faults: readonly Fault[] = [...refusals, ...brokenStreams, ...oddStreams];

/** Plays the fault that a request names as its model. */
export const playNamedFault: Play = playOf((path, body) => {
  if (path.endsWith('/models')) return answerWith(200, modelList('none'));
  const { model } = JSON.parse(body) as { model: string };
  return faults.find(({ name }) => name === model)!.play;
});

/** Tells all, with nothing at fault. */
export const playSound: Play = stream(...telling(), ...ending);
