import { answerWith, forever, pause, raw, reset, silence, stream } from '../plays.ts';
import { breaks, ends, faultPatience, type Fault } from './fault.ts';
import { ending, told, telling } from './told-text.ts';

const complaint = { error: { message: 'the context is too long' } };

/** Nothing was told: the client is answered with a status, and may ask again. */
export const refusals: readonly Fault[] = [
  {
    name: '429 with Retry-After',
    play: answerWith(429, complaint, { 'retry-after': '7' }),
    alone: breaks('queue_full', { detail: 'language model back end, 429', retryAfter: 7 }),
  },
  {
    name: '429 without Retry-After',
    play: answerWith(429, complaint),
    alone: breaks('queue_full', { detail: 'language model back end, 429' }),
  },
  {
    name: '503 with Retry-After',
    play: answerWith(503, complaint, { 'retry-after': '2' }),
    alone: breaks('backend_unavailable', { detail: 'it answers 503', retryAfter: 2 }),
  },
  {
    name: '500',
    play: answerWith(500, complaint),
    alone: breaks('backend_error', { detail: 'it answers 500' }),
  },
  {
    name: '400',
    play: answerWith(400, complaint),
    alone: breaks('backend_refused', { detail: '400: the context is too long' }),
  },
  {
    name: 'redirect',
    play: answerWith(307, '', { location: '/v1/models' }),
    alone: breaks('backend_error', { detail: 'it answers 307' }),
  },
  {
    name: 'wrong content type',
    play: answerWith(200, '<p>Log in</p>', { 'content-type': 'text/html' }),
    alone: breaks('backend_error', { detail: 'it did not stream, but sent text/html' }),
  },
  {
    name: 'error object with 200',
    play: answerWith(200, complaint),
    alone: breaks('backend_error', { detail: 'it did not stream, but sent application/json' }),
  },
  {
    name: 'whole answer in place of a stream',
    play: answerWith(200, {
      choices: [{ message: { role: 'assistant', content: told() }, finish_reason: 'stop' }],
    }),
    alone: breaks('backend_error', { detail: 'it did not stream, but sent application/json' }),
  },
  {
    name: 'not HTTP',
    play: raw('SSH-2.0-mill\r\n'),
    alone: breaks('backend_unavailable', { detail: 'HPE_INVALID_CONSTANT' }),
  },
  {
    name: 'reset before the head',
    play: reset,
    alone: breaks('backend_unavailable', { detail: 'ECONNRESET' }),
  },
  {
    name: 'TLS error: certificate that nobody vouches for',
    untrusted: true,
    play: stream(...telling(), ...ending),
    alone: breaks('backend_unavailable', { detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
  },
  {
    name: 'slow first byte, in time',
    play: stream(pause(faultPatience.firstByteMs / 4), ...telling(), ...ending),
    alone: ends(),
  },
  {
    name: 'no first byte',
    play: silence,
    alone: breaks('backend_unavailable', { detail: `nothing came for ${faultPatience.firstByteMs} ms` }),
  },
  {
    name: 'comments in place of a first event',
    play: stream(forever(100, ': keep-alive\n')),
    alone: breaks('backend_unavailable', { detail: `nothing came for ${faultPatience.firstByteMs} ms` }),
  },
];
