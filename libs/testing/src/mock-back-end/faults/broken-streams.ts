import { choice, delta, done, event, finish, role } from '../completion-frames.ts';
import { cut, forever, raw, reset, silence, stream, type Step } from '../plays.ts';
import { breaks, faultPatience, type Fault } from './fault.ts';
import { ending, told, telling } from './told-text.ts';

const half = telling(40);

/** Half an answer and then what breaks it: the client gets that half, and that it is one. */
const broken = (name: string, steps: readonly Step[], detail: string): Fault => ({
  name,
  play: stream(...half, ...steps),
  alone: breaks('backend_error', { detail, after: told(40) }),
});

/** The stream begins with what breaks it, so that it is an ordinary error answer. */
const spoilt = (name: string, steps: readonly Step[], detail: string): Fault => ({
  name,
  play: stream(...steps),
  alone: breaks('backend_error', { detail }),
});

const incomplete = 'its stream ended before the answer was complete';
const error = { message: 'the GPU is out of memory', code: 500 };
const connectionBroke = 'the connection broke: ECONNRESET';
const shapeless = (what: string): string => `an event of its stream has no known shape: ${what}`;

/** What was told is not all, and the client is told so. */
export const brokenStreams: readonly Fault[] = [
  broken('cut at token 40 of 60', [], incomplete),
  broken('connection cut at token 40', [cut], connectionBroke),
  broken('reset at token 40', [reset], connectionBroke),
  broken('cut inside a frame', [delta(' while').slice(0, 30)], 'an event of its stream is not JSON'),
  broken('cut inside the finish reason', [finish().slice(0, -8)], 'an event of its stream is not JSON'),
  {
    name: 'cut where HTTP has no end but that of the connection',
    play: raw(['HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n', ...half].join('')),
    alone: breaks('backend_error', { detail: incomplete, after: told(40) }),
  },
  spoilt('empty stream', [], incomplete),
  {
    name: 'error in frame 2',
    play: stream(...telling(1), event({ error }), ...ending),
    alone: breaks('backend_error', { detail: 'its stream reports an error', after: told(1) }),
  },
  broken('error as vLLM has it', [event({ object: 'error', ...error }), done], 'its stream reports an error'),
  spoilt('error in frame 1', [event({ error }), done], 'its stream reports an error'),
  {
    name: 'refusal in frame 1',
    play: stream(event({ error: { message: 'the context is too long', code: 400 } })),
    alone: breaks('backend_refused', { detail: '400: the context is too long' }),
  },
  {
    name: 'stall at token 40',
    play: stream(...half, silence),
    alone: breaks('backend_unavailable', {
      detail: `nothing came for ${faultPatience.idleMs} ms`,
      after: told(40),
    }),
  },
  {
    name: 'drip that goes on beyond the time for an answer',
    play: stream(...half, forever(100, role)),
    alone: breaks('deadline_exceeded', { after: told(40) }),
  },
  broken('garbage for JSON', [event('{"choices": ['), ...ending], 'an event of its stream is not JSON'),
  broken('JSON of another shape', [choice({ delta: { content: 40 } }), ...ending], shapeless('content')),
  broken('huge frame', [delta('x'.repeat(2_000_000)), ...ending], 'an event of its stream is too long'),
  broken('unknown finish reason', [finish('abort'), done], 'it ended the answer for the reason "abort"'),
  broken('empty finish reason', [finish(''), done], incomplete),
  broken('DONE without a finish reason', [done], incomplete),
  spoilt('DONE alone', [done], incomplete),
  spoilt('role-only frames alone', [role, role, done], incomplete),
  spoilt(
    'another choice alone',
    [event({ choices: [{ index: 1, delta: { content: told() }, finish_reason: 'stop' }] }), done],
    incomplete,
  ),
  spoilt(
    'whole answer in a frame',
    [choice({ message: { role: 'assistant', content: told() }, finish_reason: 'stop' }), done],
    shapeless('delta'),
  ),
];
