import { delta, done, event, finish, textChoice, textDelta, textFinish } from '../completion-frames.ts';
import { answerWith, cut, raw, reset, silence, stream, type Step } from '../plays.ts';
import { breaks, ends, faultPatience, type Fault } from './fault.ts';
import { lastUsage, told, tokens } from './told-text.ts';

const telling = tokens.map(textDelta);
const half = telling.slice(0, 40);
const ending = [textFinish(), lastUsage, done];

/** Tells all, with nothing at fault. */
export const playText = stream(...telling, ...ending);

const broken = (name: string, steps: readonly Step[], detail: string): Fault => ({
  name,
  play: stream(...half, ...steps),
  alone: breaks('backend_error', { detail, after: told(40) }),
});

const incomplete = 'its stream ended before the answer was complete';
const shapeless = 'an event of its stream has no known shape: text';
const error = { message: 'the GPU is out of memory', code: 500 };

/** What is known to go wrong with texts that are continued; the rest of the table is about streams of any kind. */
export const textFaults: readonly Fault[] = [
  { name: 'nothing at fault', play: playText, alone: ends() },
  { name: 'no usage', play: stream(...telling, textFinish(), done), alone: ends({ isCounted: false }) },
  {
    name: 'cut at a limit that it names',
    play: stream(...half, textFinish('length'), lastUsage, done),
    alone: ends({ text: told(40), end: 'length' }),
  },
  broken('cut at token 40 of 60', [], incomplete),
  broken('connection cut at token 40', [cut], 'the connection broke: ECONNRESET'),
  broken('reset at token 40', [reset], 'the connection broke: ECONNRESET'),
  broken('error in frame 41', [event({ error }), ...ending], 'its stream reports an error'),
  broken('DONE without a finish reason', [done], incomplete),
  broken('unknown finish reason', [textFinish('abort'), done], 'it ended the answer for the reason "abort"'),
  broken('garbage for JSON', [event('{"choices": ['), ...ending], 'an event of its stream is not JSON'),
  broken('text of another type', [textChoice({ text: 40 }), ...ending], shapeless),
  broken('frames of a chat', [delta(' while'), finish(), done], shapeless),
  {
    name: 'stall at token 40',
    play: stream(...half, silence),
    alone: breaks('backend_unavailable', {
      detail: `nothing came for ${faultPatience.idleMs} ms`,
      after: told(40),
    }),
  },
  {
    name: 'cut where HTTP has no end but that of the connection',
    play: raw(['HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n', ...half].join('')),
    alone: breaks('backend_error', { detail: incomplete, after: told(40) }),
  },
  {
    name: 'no route',
    play: answerWith(404, { detail: 'Not Found' }),
    alone: breaks('backend_refused', { detail: 'it answers 404' }),
  },
];
