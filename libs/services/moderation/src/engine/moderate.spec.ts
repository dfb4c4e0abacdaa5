import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAt, stream } from '../testing/stream.ts';

const whole = (text: string) => stream([text]);
const byUnit = (text: string) => stream(text.split(''));

const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(4);
const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;
/** What must not leave, and something of it by which a leak is recognised. */
const secrets: readonly (readonly [string, string])[] = [
  ['4111 1111 1111 1111', '1111 1111'],
  ['5500-0000-0000-0004', '0000-0000'],
  ['４１１１ １１１１ １１１１ １１１１', '１１１１'],
  ['4\u200b1\u200b1\u200b1111111111111', '1111111'],
  ['378282246310005', '378282'],
  ['DE89 3704 0044 0532 0130 00', '0532 0130'],
  ['gb29nwbk60161331926819', 'nwbk6016'],
  ['sk-proj-abcdefghijklmnopqrstuv0123456789', 'abcdefgh'],
  ['AKIAIOSFODNN7EXAMPLE', 'IOSFODNN'],
  [`eyJ${'hbGciOiJIUzI1NiJ9'.repeat(2)}.eyJzdWIiOiIxMjM0In0.${'a1B2'.repeat(8)}`, 'eyJzdWIi'],
  [pem, 'MIIEvQIB'],
];
const carriers = ['password = "', 'api_key: ', 'Authorization: Bearer ', 'postgres://joe:'];

const noise = fc.oneof(
  { weight: 6, arbitrary: fc.lorem({ maxCount: 6 }) },
  fc.constantFrom(
    ' ',
    '\n',
    '. ',
    '-',
    '--',
    '-----',
    '[1]',
    '\u200b',
    '\ufeff',
    'é',
    '🌊',
    '\ud83d',
    'ﬁ',
    'Ａ',
    '!',
    '$',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'0123456789 -.'), maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...'abAB01_-.:/@= "\'', 'sk-', 'eyJ', '-----', 'BEGIN ', 'END ', 'PRIVATE KEY'),
    maxLength: 24,
  }),
  fc.constantFrom(
    'sex',
    's3x',
    'child',
    '12 year old',
    'suicide',
    'kill',
    'myself',
    'k1ll',
    'how to',
    'help',
    'nude',
    '$ex',
    'over',
    'dose',
    'ki11',
    'кill',
    'ѕех',
    'k i l l',
    's.e.x',
    's-u-i-c-i-d-e ',
    'горе',
    '٤١١١ ١١١١ ١١١١ ١١١١',
    '5 y e a r s ',
  ),
  fc.string({
    unit: fc.constantFrom(...'sexkilmyfаеѕх1!$ .-', '  ', '\u200b', '\u0301', '\u{1d42c}'),
    maxLength: 24,
  }),
  fc.constantFrom('4111 1111 1111 1112', '1234567812345678', 'DE00 1234', 'password', 'is', 'at'),
  fc.constantFrom(...carriers),
);
const secret = fc.constantFrom(...secrets.map(([text]) => text));
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: noise }, { weight: 1, arbitrary: secret }), { maxLength: 30 })
  .chain((parts) => fc.constantFrom(' ', '', '\n').map((glue) => parts.join(glue)));

/** Texts of little else than words that matter together, in every disguise. */
const dense = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...[
          'sex',
          's3x',
          'ѕех',
          's e x',
          's.e.x',
          'sexy',
          'child',
          '12 year old',
          'teen',
          'porn',
          'high',
          'schooler',
        ],
        ...[
          'how to',
          'how',
          'best',
          'way',
          'kill',
          'k1ll',
          'kiII',
          'k i l l',
          'myself',
          'm y s e l f',
          'suicide',
        ],
        ...[
          's u i c i d e',
          'over',
          'dose',
          'cut',
          'my wrist',
          'y',
          'o',
          'a',
          'the',
          'help',
          'prevent',
          'study',
        ],
        ...['clouds over the northern hills', 'x'.repeat(40), '.', '!', '|', '-', '\n', 'é'],
        ...['\u200b', '\u200b'.repeat(9), '\u0301', '\ud835', '\u{1d42c}'],
      ),
      fc.constantFrom(' ', ' ', ' ', '', '  ', '. ', '-', '\u200b'),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.flat().join(''));

describe('a moderated stream', () => {
  it('releases the same however it was cut', () => {
    fc.assert(
      fc.property(fc.oneof(text, dense), fc.array(fc.nat(), { maxLength: 40 }), (given, cuts) => {
        const { text: released, blocked } = whole(given);
        expect(byUnit(given)).toMatchObject({ text: released, blocked });
        expect(stream(cutAt(given, cuts))).toMatchObject({ text: released, blocked });
      }),
      { numRuns: 400 },
    );
  }, 30_000);

  it('lets no part of a secret leave', () => {
    const between = fc.lorem({ maxCount: 12 });
    fc.assert(
      fc.property(
        between,
        fc.constantFrom(...secrets),
        between,
        fc.array(fc.nat()),
        (before, [hidden, part], after, cuts) => {
          const given = `${before} ${hidden} ${after}`;
          for (const { text: released } of [whole(given), byUnit(given), stream(cutAt(given, cuts))]) {
            expect(released).not.toContain(part);
            expect(released).toContain('[redacted: ');
            expect(released.startsWith(before)).toBe(true);
            expect(released.endsWith(after)).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('tells of what it flags however it was cut', () => {
    const flagged = fc.constantFrom(
      ...[
        'joe@example.com',
        '+49 30 1234567',
        '192.168.17.4',
        'I am going to kill you',
        'they want to kill myself',
      ],
    );
    const between = fc.nat({ max: 300 }).map((length) => 'plain words '.repeat(25).slice(0, length));
    fc.assert(
      fc.property(between, flagged, between, fc.array(fc.nat()), (before, told, after, cuts) => {
        const given = `${before} ${told} ${after}`;
        const { flagged: categories } = whole(given);
        expect(categories).not.toEqual([]);
        expect(byUnit(given).flagged).toEqual(categories);
        expect(stream(cutAt(given, cuts)).flagged).toEqual(categories);
      }),
      { numRuns: 200 },
    );
  });

  it('stops before what is blocked, and shows nothing of what follows', () => {
    const given = `Some words first. ${'s3xual'} acts with a 12 year old, and more words after it`;
    for (const released of [whole(given), byUnit(given)])
      expect(released).toMatchObject({ text: 'Some words first. ', blocked: true });
  });

  it('blocks an anchor whose context left already', () => {
    expect(byUnit('She is 9 years old and he touches her, naked, in the room')).toMatchObject({
      text: 'She is 9 years old and he touches her, ',
      blocked: true,
    });
  });

  it('holds nothing of plain words, and little of what looks like the beginning of something', () => {
    const words = 'The weather will be pleasant tomorrow, with some clouds over the northern hills.';
    expect(stream(words.split(/(?<= )/)).held).toBe(0);
    expect(byUnit(words).held).toBeLessThanOrEqual(4);
    expect(
      byUnit('In 2024 there were 1,234 of them, 17 more than in 2023: 3.5 % in all.').held,
    ).toBeLessThanOrEqual(6);
  });

  it('bounds what it holds back, and blocks what goes on for ever', () => {
    const endless = (unit: string) => stream(Array.from({ length: 3000 }, () => unit.repeat(10)));
    expect(endless('a')).toMatchObject({ blocked: false });
    expect(endless('4 ').held).toBeLessThan(100);
    expect(endless('\u200b').held).toBe(8);
    const key = stream([
      '-----BEGIN RSA PRIVATE KEY-----\n',
      ...Array.from({ length: 300 }, () => 'QUJD'.repeat(16)),
    ]);
    expect(key).toMatchObject({ text: '', blocked: true });
    expect(key.held).toBeLessThanOrEqual(8192 + 64);
    expect(stream(['see sk-', ...Array.from({ length: 900 }, () => 'abc12')])).toMatchObject({
      text: 'see ',
      blocked: true,
    });
  });

  it('redacts a private key that breaks off', () => {
    expect(byUnit(`here: ${pem.slice(0, 80)}`).text).toBe('here: [redacted: private key]');
  });

  it('takes time in proportion to the text', () => {
    const worst = [
      '-----BEGIN PRIVATE KEY-----', 'sk-sk-sk-', '4 4 4 4 ', '4111 1111 ', 'DE12 ', 'eyJ.', 'a@a.a', 'a'.repeat(63) + '@',
      'password=', 'kill ', 'you are ', '1.1.1.1.', 'f:f:', '+1 1 1 ', 'a\u0301', 'sex ', 'i want to ', 'x://', '(00) 00 ',
    ]; // prettier-ignore
    // A text of this size takes below a second; were it quadratic, minutes.
    for (const unit of worst) {
      const given = unit.repeat(100_000 / unit.length);
      const since = performance.now();
      whole(given);
      expect(performance.now() - since, JSON.stringify(unit)).toBeLessThan(5000);
    }
  }, 60_000);
});
