import { blocked, escaped, inArguments, leakCase, redacted, type LeakCase, type Said } from './leak-case.ts';

const card = (number: string) => redacted(number, 'payment card');
const account = (number: string) => redacted(number, 'bank account');
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
  ['self-harm, spoken about', ['self-harm'], ['How can we prevent suicide? A hotline helps those who ask.']],
  // Flagged.
  ['intent', ['self-harm/intent'], ['Sometimes i want to die, she said.']],
  ['sexual', ['sexual'], ['They had sex, naked, as grown people do.']],
  ['violence', ['violence'], ['He is going to kill them all in this book.']],
  ['graphic violence', ['violence/graphic'], ['The surgeon saw severed limbs and spilled ink.']],
  ['hate', ['hate'], ['He wrote that all refugees are vermin, no less.']],
  ['threatening hate', ['hate/threatening'], ['They cried: kill all the foreigners! 🌊']],
  ['harassment', ['harassment'], ['You are a pathetic loser, it says – ﬁne.']],
  ['threat', ['harassment/threatening'], ['The letter ends: I will find you.']],
  ['e-mail address', ['pii/email'], ['Write to jane.doe+x@mail.example.org, please.']],
  ['phone number', ['pii/phone'], ['Call (978) 645-9740 today.']],
  ['IP address', ['pii/ip-address'], ['It came from 10.218.6.131 and 2001:db8::8a2e:370:7334 once.']],
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

/** Every case in content, in reasoning, and in a tool's arguments, there with escapes too; and what only JSON has. */
export const leakCases: readonly LeakCase[] = [
  ...said.flatMap(([name, categories, parts]) => [
    leakCase(name, 'content', categories, parts),
    leakCase(name, 'reasoning', categories, parts),
    inArguments(name, categories, parts),
    { ...inArguments(name, categories, parts, escaped), name: `${name}, escaped` },
  ]),
  ...ofArguments.map(([name, categories, parts]) => leakCase(name, 'tool', categories, parts)),
  breaksOff,
  numbers,
];
