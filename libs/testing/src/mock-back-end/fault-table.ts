import { modelList } from './completion-frames.ts';
import { brokenStreams } from './faults/broken-streams.ts';
import type { Fault } from './faults/fault.ts';
import { oddStreams } from './faults/odd-streams.ts';
import { refusals } from './faults/refusals.ts';
import { playText, textFaults } from './faults/text-streams.ts';
import { ending, telling } from './faults/told-text.ts';
import { answerWith, playOf, stream, type Play } from './plays.ts';

/** All that a language model's server is known to do wrong or oddly in a chat. A new fault is a row in one of these. */
export const faults: readonly Fault[] = [...refusals, ...brokenStreams, ...oddStreams];

/** Plays the fault that a request names as its model, whatever stands before a slash in it. */
export const playNamedFault: Play = playOf((path, body) => {
  if (path.endsWith('/models')) return answerWith(200, modelList('none'));
  const { model } = JSON.parse(body) as { model: string };
  const called = model.slice(model.indexOf('/') + 1);
  return (isChat(path) ? faults : textFaults).find(({ name }) => name === called)!.play;
});

/** Tells all, with nothing at fault. */
export const playSound: Play = playOf((path) => (isChat(path) ? stream(...telling(), ...ending) : playText));

const isChat = (path: string): boolean => path.endsWith('/chat/completions');
