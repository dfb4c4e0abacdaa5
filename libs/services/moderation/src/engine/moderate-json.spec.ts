import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPolicy } from '../testing/any-policy.ts';
import { cutAt, stream } from '../testing/stream.ts';

const whole = (json: string) => stream([json], 'json');
const byUnit = (json: string) => stream(json.split(''), 'json');

/** Text inside a JSON string, every unit of it escaped. */
const escaped = (text: string): string =>
  Array.from(
    { length: text.length },
    (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

const card = '4111 1111 1111 1111';

describe('moderated JSON', () => {
  it.each([
    [`{"card": "${card}"}`, '{"card": "[redacted: payment card]"}'],
    [`{"card": "${escaped(card)}", "n": 1}`, '{"card": "[redacted: payment card]", "n": 1}'],
    [String.raw`{"card": "a \u0034111111111111111"}`, '{"card": "a [redacted: payment card]"}'],
    [String.raw`{"url": "x:\/\/joe:s3cret@db"}`, String.raw`{"url": "x:\/\/joe:[redacted: secret key]"}`],
    [
      String.raw`{"say": "\"\u0034111111111111111\" he said"}`,
      String.raw`{"say": "\"[redacted: payment card]\" he said"}`,
    ],
    ['{"password": "correct8horse", "n": 1}', '{"password": "[redacted: secret key]", "n": 1}'],
    ['{"card": 4111111111111111, "n": -12.5e3}', '{"card": "[redacted: payment card]", "n": -12.5e3}'],
    ['[-4111111111111111,0.4111111111111111]', '["[redacted: payment card]","[redacted: payment card]"]'],
    ['{"4111111111111111": true}', '{"[redacted: payment card]": true}'],
    ['4111111111111111', '"[redacted: payment card]"'],
    [
      '{"say": "\ud835\\udfd2111111111111111 \\ud835\udfd2"}',
      '{"say": "[redacted: payment card] \\ud835\udfd2"}',
    ],
  ])('stays JSON without what is redacted: %s', (json, expected) => {
    JSON.parse(expected);
    for (const released of [whole(json), byUnit(json)])
      expect(released).toMatchObject({ text: expected, blocked: false });
  });

  it('keeps its structure where something spans several values', () => {
    const json = String.raw`{"key": "-----BEGIN PRIVATE KEY-----\nMIIB", "list": ["MIIC", 17, true, ""], "last": {}}`;
    const label = '[redacted: private key]';
    const { text } = byUnit(json);
    expect(text).toBe(whole(json).text);
    expect(text).toBe(
      `{"key": "${label}", "${label}": ["${label}", "${label}", "${label}", ""], "${label}": {}}`,
    );
    JSON.parse(text);
  });

  it('blocks what is meant, however it is written', () => {
    const json = `{"text": "Well: the best way to ${escaped('kill myself')} is"}`;
    for (const released of [whole(json), byUnit(json)])
      expect(released).toMatchObject({ text: '{"text": "Well: the best way to ', blocked: true });
  });

  it('sees what stands in several values together', () => {
    const json = '{"who": "a 9 year old", "what": ["naked"]}';
    for (const released of [whole(json), byUnit(json)])
      expect(released).toMatchObject({ text: '{"who": "a 9 year old", "what": ["', blocked: true });
  });

  it('blocks a number that is too long to be held and cannot be redacted any more', () => {
    const json = `{"n": ${'0'.repeat(300)}.4111111111111111}`;
    for (const released of [whole(json), byUnit(json)])
      expect(released).toMatchObject({ text: `{"n": ${'0'.repeat(300)}.`, blocked: true });
  });

  it('leaves harmless arguments as they are, whatever is escaped in them', () => {
    const json = String.raw`{"q": "mill \\ \/ \" \u00e9 \ud83c\udf0a \ud83c x", "n": [1, -2.5e10, true, null], "broken \x \u12": }`;
    expect(whole(json).text).toBe(json);
    expect(byUnit(json).text).toBe(json);
  });

  it('holds a few characters of it', () => {
    expect(byUnit('{"query": "who built the mill", "top_k": 12}').held).toBeLessThanOrEqual(4);
  });
});

const word = fc.oneof(
  fc.lorem({ maxCount: 3 }),
  fc.constantFrom(
    ...[card, '5500-0000-0000-0004', 'sk-proj-abcdefghijklmnopqrstuv0123456789', 'password='],
    ...[
      'jane@example.org',
      'jane@',
      '10.218.6.131',
      '+49 30 901820',
      'i will',
      'kill them',
      'are vermin',
      'refugees',
    ],
    ...['Bearer ', 'correct8horse', 'how to', 'kill', 'myself', 'k i l l', 's3x', 'a 12 year old'],
    ...['"', '\\', '/', '\n', '\u200b', '\u0301', 'ﬁ', '🌊', '\ud83d', 'é', '\u{1d42c}ex'],
    ...['-----BEGIN PRIVATE KEY-----', 'MIIB', '-----END PRIVATE KEY-----'],
  ),
);
const string = fc
  .array(word, { maxLength: 4 })
  .chain((words) => fc.constantFrom(words.join(' '), words.join('')));
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(4111111111111111, -4111111111111111, 1),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    string,
    number,
    fc.constantFrom(true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(string, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** JSON some of whose characters are escaped though they need not be. */
const json = fc
  .tuple(value, fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }), fc.boolean())
  .map(([given, escapes, spread]) => {
    let at = 0;
    const again = (text: string): string =>
      text.replace(/\\u....|\\.|[^\\]/gs, (unit) =>
        unit.length === 1 && escapes[at++ % escapes.length] ? escaped(unit) : unit,
      );
    return JSON.stringify(given, null, spread ? 1 : 0).replace(
      /"((?:[^"\\]|\\.)*)"/gs,
      (_, content: string) => `"${again(content)}"`,
    );
  });

describe('a stream of JSON', () => {
  it('releases the same however it was cut, and is JSON afterwards', () => {
    fc.assert(
      fc.property(json, fc.array(fc.nat(), { maxLength: 40 }), anyPolicy, (given, cuts, other) => {
        for (const policy of [{}, other]) {
          const { text, blocked } = stream([given], 'json', policy);
          expect(stream(given.split(''), 'json', policy)).toMatchObject({ text, blocked });
          expect(stream(cutAt(given, cuts), 'json', policy)).toMatchObject({ text, blocked });
          if (!blocked) JSON.parse(text);
        }
      }),
      { numRuns: 300 },
    );
  }, 30_000);
});
