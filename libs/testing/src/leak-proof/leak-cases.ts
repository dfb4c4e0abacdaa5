import { moderationCategories, type ModerationPolicy } from '@millrace/contracts';
import {
  blocked,
  decided,
  escaped,
  flagged,
  inArguments,
  leakCase,
  redacted,
  type LeakCase,
  type Said,
} from './leak-case.ts';

const card = (number: string) => redacted(number, 'payment card');
const account = (number: string) => redacted(number, 'bank account');
const sexual = (word: string) => flagged(word, 'sexual content');
const address = (ip: string) => flagged(ip, 'IP address');
const identity = (number: string) => flagged(number, 'identity number');
const secret = (key: string) => redacted(key, 'secret key');

const pem = `-----BEGIN RSA PRIVATE KEY-----\n${'QUJDREVGR0hJSktM\n'.repeat(3)}-----END RSA PRIVATE KEY-----`;
const jwt = `eyJ${'hbGciOiJIUzI1NiJ9'.repeat(2)}.eyJzdWIiOiIxMjM0In0.${'a1B2'.repeat(4)}`;

/** Name, what is found, what is said. Every detector has one at least. */
const said: readonly (readonly [string, readonly string[], Said])[] = [
  // Redacted.
  ['card', ['pii/payment-card'], ['The card is ', card('4111 1111 1111 1111'), ', valid 12/27.']],
  ['card in one piece, at the end', ['pii/payment-card'], ['🌊 Straße: ', card('378282246310005')]],
  ['wide card', ['pii/payment-card'], ['（', card('４１１１ １１１１ １１１１ １１１１'), '）です']],
  ['card of hidden joints', ['pii/payment-card'], ['no. ', card('4\u200b1\u200b1\u200b1111111111111'), '!']],
  ['Arabic card', ['pii/payment-card'], ['البطاقة ', card('٤١١١ ١١١١ ١١١١ ١١١١'), ' هنا']],
  ['card of keycaps', ['pii/payment-card'], ['so ', card('4️⃣111111111111111'), ' ok']],
  ['account', ['pii/bank-account'], ['to ', account('DE89 3704 0044 0532 0130 00'), ' please']],
  [
    'account with a Cyrillic letter',
    ['pii/bank-account'],
    ['an ', account('gb29nwвk60161331926819'), ' – ok'],
  ],
  ['key of AWS', ['secrets/key'], ['id=', secret('AKIAIOSFODNN7EXAMPLE'), '\n']],
  ['key of OpenAI', ['secrets/key'], ['use ', secret('sk-proj-abcdefghijklmnopqrstuv0123456789'), ' 🙂']],
  ['web token', ['secrets/key'], ['it is ', secret(jwt), ' today']],
  ['password', ['secrets/key'], ['set password = "', secret('correct8horse'), '" now']],
  ['password in an address', ['secrets/key'], ['postgres://joe:', secret('s3cret@db'), '/x é']],
  ['bearer', ['secrets/key'], ['Authorization: Bearer ', secret('abcdefghijklmnop1234'), ' – ok']],
  ['private key', ['secrets/private-key'], ['Key:\n', redacted(pem, 'private key'), '\ndone']],
  // Overlapping, and one after the other.
  ['key as a password', ['secrets/key'], ['password=', secret('AKIAIOSFODNN7EXAMPLE'), ' or']],
  [
    'card as a password',
    ['secrets/key', 'pii/payment-card'],
    ['x://joe:', secret('4111111111111111@db'), '/x'],
  ],
  [
    'account, then card',
    ['pii/bank-account', 'pii/payment-card'],
    ['', account('DE89370400440532013000'), ' ', card('5500-0000-0000-0004'), ' – both'],
  ],
  [
    'key within a private key',
    ['secrets/private-key'],
    [redacted(pem.replace('QUJD', 'AKIAIOSFODNN7EXAMPLE'), 'private key'), '!'],
  ],
  [
    'what looks like a card',
    [],
    ['The order 4111 1111 1111 1112 of 4 1 1 and DE00 1234 sk- is 12 years old.'],
  ],
  // Blocked.
  ['minors', ['sexual/minors'], ['Well. ', blocked('s3xual'), ' acts with a 12 year old, and more']],
  [
    'minors, age before',
    ['sexual/minors'],
    ['She is 9 years old and he touches her, ', blocked('naked'), ', in the room'],
  ],
  ['minors, Cyrillic', ['sexual/minors'], ['a 9 year old 🌊 has ', blocked('ѕех'), ' there']],
  ['minors, plainly', ['sexual/minors'], ['It sells ', blocked('child porn'), ' to all who come by']],
  ['self-harm', ['self-harm/instructions'], ['The easiest way to ', blocked('kill myself'), ' is this one']],
  [
    'self-harm, set apart',
    ['self-harm/instructions'],
    ['The easiest way to ', blocked('k i l l  m y s e l f'), ' is'],
  ],
  [
    'self-harm, then card',
    ['self-harm/instructions', 'pii/payment-card'],
    [card('4111111111111111'), ' is the best way to ', blocked('c0mmit suicide'), ' with pills'],
  ],
  [
    'self-harm, spoken about',
    ['self-harm'],
    ['How can we prevent ', flagged('suicide', 'self-harm'), '? A hotline helps.'],
  ],
  // Flagged.
  [
    'intent',
    ['self-harm/intent'],
    ['Sometimes ', flagged('i want to die', 'intent of self-harm'), ', she said.'],
  ],
  ['sexual', ['sexual'], ['They had ', sexual('sex'), ', ', sexual('naked'), ', as grown people do.']],
  ['violence', ['violence'], ['He is ', flagged('going to kill them', 'violence'), ' all in this book.']],
  [
    'graphic violence',
    ['violence/graphic'],
    ['He saw ', flagged('severed limbs', 'graphic violence'), ' and ink.'],
  ],
  ['hate', ['hate'], ['He wrote that all ', flagged('refugees are vermin', 'hate'), ', no less.']],
  [
    'threatening hate',
    ['hate/threatening'],
    ['They cried: ', flagged('kill all the foreigners', 'threatening hate'), '! 🌊'],
  ],
  ['harassment', ['harassment'], ['', flagged('You are a pathetic loser', 'harassment'), ', it says – ﬁne.']],
  ['threat', ['harassment/threatening'], ['The letter ends: ', flagged('I will f1nd you', 'threat'), '.']],
  [
    'e-mail address',
    ['pii/email'],
    ['Write to ', flagged('jane.doe+x@mail.example.org', 'e-mail address'), ', please.'],
  ],
  ['phone number', ['pii/phone'], ['Call ', flagged('(978) 645-9740', 'phone number'), ' today.']],
  [
    'IP address',
    ['pii/ip-address'],
    ['From ', address('10.218.6.131'), ' and ', address('2001:db8::8a2e:370:7334'), ' once.'],
  ],
  [
    'identity numbers',
    ['pii/identity-number'],
    ['It is ', identity('219-09-9999'), ', or NHS ', identity('943 476 5919'), ' – ok'],
  ],
  [
    'date of birth',
    ['pii/date-of-birth'],
    ['She was born on ', flagged('March 31, 1982', 'date of birth'), ' at home.'],
  ],
];

const breaksOff = leakCase(
  'private key that breaks off',
  'content',
  ['secrets/private-key'],
  ['here: ', redacted(pem.slice(0, 50), 'private key')],
);

/** What only arguments have, as it stands there. */
const ofArguments: readonly (readonly [string, readonly string[], Said])[] = [
  ['card for a key', ['pii/payment-card'], ['{"', card('4111111111111111'), '": true}']],
  ['password for a key', ['secrets/key'], ['{"password": "', secret('correct8horse'), '", "n": -1.5e3}']],
  ['slashes', ['secrets/key'], [String.raw`{"url": "x:\/\/joe:`, secret('s3cret@db'), String.raw`\/x"}`]],
  [
    'quotes',
    ['pii/payment-card'],
    [String.raw`{"say": "\"`, card('4\\u00311111111111111\\u0031'), String.raw`\" he said"}`],
  ],
  ['several values', ['sexual/minors'], ['{"who": "a 9 year old", "what": ["', blocked('naked'), '", 1]}']],
];

/** A number cannot be a part of what it was: a string stands in its place. */
const numbers: LeakCase = {
  ...leakCase('numbers', 'tool', ['pii/payment-card'], []),
  text: '{"card": 4111111111111111, "list": [-0.4111111111111111,12]}',
  released: '{"card": "[redacted: payment card]", "list": ["[redacted: payment card]",12]}',
};

const casesBy = (policy: 'default' | 'strict'): readonly LeakCase[] => [
  ...said.flatMap(([name, categories, all]) => {
    const parts = decided(all, policy);
    return [
      leakCase(name, 'content', categories, parts),
      leakCase(name, 'reasoning', categories, parts),
      inArguments(name, categories, parts),
      { ...inArguments(name, categories, parts, escaped), name: `${name}, escaped` },
    ];
  }),
  ...ofArguments.map(([name, categories, all]) => leakCase(name, 'tool', categories, decided(all, policy))),
  breaksOff,
  numbers,
];

/** Every case in content, in reasoning, and in a tool's arguments, there with escapes too; and what only JSON has. */
export const leakCases = casesBy('default');

/** The same by a policy that redacts in answers what is flagged by default. */
export const strictLeakCases = casesBy('strict');
export const strictPolicy: ModerationPolicy = {
  categories: Object.fromEntries(
    Object.entries(moderationCategories)
      .filter(([, { output, foundBy }]) => output === 'flag' && foundBy.length > 0)
      .map(([name]) => [name, { output: 'redact' }]),
  ),
};
