import { choice, delta, done, event, finish, role, usageOf } from '../completion-frames.ts';
import { pause, reset, silence, stream, type Step } from '../plays.ts';
import { ends, type Fault } from './fault.ts';
import { counted, ending, lastUsage, told, telling, tokens } from './told-text.ts';

const whole = (name: string, steps: readonly Step[], isCounted = true): Fault => ({
  name,
  play: stream(...steps),
  alone: ends({ isCounted }),
});

const all = telling();
const behindEach = (frame: string): string[] => [...all.flatMap((one) => [one, frame]), ...ending];
const counts = (completionTokens: number) => usageOf(counted.promptTokens, completionTokens);
const written = [...all, ...ending].join('');
const wave = told().indexOf('🌊');

function byteByByte(text: string): Uint8Array[] {
  return [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
}

/** The lines of the JSON as a line of data each. */
const inLines = (frame: string): string =>
  JSON.stringify(JSON.parse(frame.replace('data: ', '')), null, 1).replaceAll(/^/gm, 'data: ') + '\n\n';

/** However oddly it comes, all of it came: an answer like any other. */
export const oddStreams: readonly Fault[] = [
  whole('nothing at fault', [role, ...all, ...ending]),
  whole('split UTF-8', byteByByte(written)),
  whole('character in two frames', [
    delta(told().slice(0, wave + 1)),
    delta(told().slice(wave + 1)),
    ...ending,
  ]),
  whole('CRLF', [written.replaceAll('\n', '\r\n')]),
  whole('CRLF, split', byteByByte(written.replaceAll('\n', '\r\n'))),
  whole('CR alone', [written.replaceAll('\n', '\r')]),
  whole('byte order mark', [`\ufeff${written}`]),
  whole('multi-line data frames', [...all.map(inLines), ...ending]),
  whole('empty data frames', behindEach('data:\n\n')),
  whole('comment frames', behindEach(': keep-alive\n\n')),
  whole('events of other types', behindEach('event: ping\nid: 4\nretry: 100\n\n')),
  whole('role-only frames', behindEach(role)),
  whole('empty choices', behindEach(event({ choices: [] }) + event({ choices: null }))),
  whole('another choice beside it', [
    ...behindEach(event({ choices: [{ index: 1, delta: { content: ' no' } }] })).slice(0, -ending.length),
    event({ choices: [{ index: 1, finish_reason: 'length' }] }),
    ...ending,
  ]),
  whole('large frame', [
    choice({ delta: { content: told() } }, { padding: 'x'.repeat(1_000_000) }),
    ...ending,
  ]),
  whole('no usage', [...all, finish(), done], false),
  whole(
    'usage that is none',
    [...all, finish('stop', { usage: { prompt_tokens: 'many', completion_tokens: -1 } }), done],
    false,
  ),
  whole('usage in a frame of its own', [...all, ...ending]),
  whole('usage with the finish reason', [...all, finish('stop', counts(tokens.length)), done]),
  whole('usage in every frame', [
    ...tokens.map((content, n) => choice({ delta: { content } }, counts(n + 1))),
    finish(),
    done,
  ]),
  whole('no DONE', [...all, lastUsage, finish()]),
  whole('no last blank line', [...all, lastUsage, finish().trimEnd()]),
  whole('duplicate DONE', [...all, ...ending, done, done]),
  whole('trailing data', [...all, ...ending, delta(' and more'), event({ error: { message: 'late' } })]),
  whole('reset after the finish reason', [...all, finish(), reset], false),
  whole('slow drip', [...all.flatMap((frame) => [pause(20), frame]), ...ending]),
  whole('never closing', [...all, ...ending, silence]),
  whole('never closing, without DONE', [...all, finish(), silence], false),
  {
    name: 'cut at a limit that it names',
    play: stream(...telling(40), finish('length'), lastUsage, done),
    alone: ends({ text: told(40), end: 'length' }),
  },
];
