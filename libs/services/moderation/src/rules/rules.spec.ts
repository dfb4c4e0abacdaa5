import type { ModerationCategory, ModerationDirection } from '@millrace/contracts';
import { describe, expect, it } from 'vitest';
import { moderate } from '../engine/moderate.ts';

import { detectors } from './index.ts';

const check = (text: string, direction: ModerationDirection = 'output') =>
  moderate(detectors, { direction, preceding: '', text, encoding: 'text', final: true });

/** ModerationCategory, what is found, and the text around it. */
const found: readonly (readonly [ModerationCategory, string, string])[] = [
  ['pii/payment-card', '4111111111111111', 'card 4111111111111111.'],
  ['pii/payment-card', '4111 1111 1111 1111', 'it is 4111 1111 1111 1111, valid 12/27'],
  ['pii/payment-card', '5555-5555-5555-4444', 'id 12 5555-5555-5555-4444'],
  ['pii/payment-card', '3782 822463 10005', 'Amex 3782 822463 10005'],
  ['pii/payment-card', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1', 'digits: 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'],
  ['pii/payment-card', '４１１１ １１１１ １１１１ １１１１', '（４１１１ １１１１ １１１１ １１１１）'],
  ['pii/bank-account', 'DE89370400440532013000', 'to DE89370400440532013000 please'],
  ['pii/bank-account', 'GB29 NWBK 6016 1331 9268 19', 'IBAN: GB29 NWBK 6016 1331 9268 19 and'],
  ['pii/bank-account', 'no93 8601 1117 947', 'no93 8601 1117 947'],
  ['secrets/key', 'AKIAIOSFODNN7EXAMPLE', 'id=AKIAIOSFODNN7EXAMPLE'],
  ['secrets/key', `ghp_${'a1B2'.repeat(9)}`, `use ghp_${'a1B2'.repeat(9)} for it`],
  ['secrets/key', 'correct8horse', 'password: "correct8horse"'],
  ['secrets/key', 'abcdefghijklmnop1234', 'Authorization: Bearer abcdefghijklmnop1234'],
  ['secrets/key', 's3cret@db', 'postgres://joe:s3cret@db/x'],
  ['pii/email', 'jane.doe+x@mail.example.org', 'write to jane.doe+x@mail.example.org.'],
  ['pii/phone', '+49 30 901820', 'call +49 30 901820 today'],
  ['pii/phone', '(978) 645-9740', 'call (978) 645-9740 today'],
  ['pii/phone', '73 448 266', 'You can call 73 448 266'],
  ['pii/phone', '25 833387', 'Mexico 33716\n25 833387-Office'],
  ['pii/date-of-birth', '27 May 1961', 'She was born on 27 May 1961 in Rome'],
  ['pii/date-of-birth', '1961-05-27', '"date_of_birth": "1961-05-27"'],
  ['pii/ip-address', '10.218.6.131', 'from 10.218.6.131:80'],
  ['pii/ip-address', '2001:db8::8a2e:370:7334', 'at 2001:db8::8a2e:370:7334'],
  ['self-harm/intent', 'i want to die', 'sometimes i want to die'],
  ['self-harm/instructions', 'k1ll mys3lf', 'the quickest way to k1ll mys3lf'],
];

const clean: readonly string[] = [
  'The order 4111111111111112 was shipped.', // fails the checksum
  'A table: 4 8 15 16 23 42 and 108, sums to 216.',
  'Version 4.1.1.1 of 2024-05-17, build 20240517123456.',
  'DE89 is not enough, and GB29NWBK60161331926818 has a wrong checksum.',
  'password: ask your administrator; token: required',
  'Set `passwordFromEnv: RABBITMQ_PASSWORD` and `secretTargetRef:`.',
  'The sk-learn and mr_smith modules; eyJ is how a token begins.',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'Sex education is part of the curriculum for children from 12 years on.',
  'The census counts children by age and sex.',
  'How can we prevent suicide? A hotline helps.',
  'He cut himself while shaving.',
  'How to kill a process: kill -9 and its children.',
  'In 1984 there were 31 of them, from 9:15 to 17:30.',
  'Call before 2024-05-17, or 17.05.2024.',
  'The bridge was built on 27 May 1961.',
];

describe('the rules', () => {
  it.each(found)('find %s: %s', (category, span, text) => {
    const spans = check(text).findings.filter((finding) => finding.category === category);
    expect([...new Set(spans.map(({ start, end }) => text.slice(start, end)))]).toEqual([span]);
  });

  it.each(clean)('find nothing to act on in: %s', (text) => {
    expect(check(text)).toMatchObject({ action: 'allow', text });
  });

  it('redact in answers what they only flag in questions', () => {
    const text = 'My card is 4111 1111 1111 1111.';
    expect(check(text)).toMatchObject({ action: 'redact', text: 'My card is [redacted: payment card].' });
    expect(check(text, 'input')).toMatchObject({ action: 'allow', text });
    expect(check(text, 'input').findings).toMatchObject([{ category: 'pii/payment-card', action: 'flag' }]);
  });

  it('redact a private key from its first line to its last', () => {
    const text = 'Key:\n-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\ndone';
    expect(check(text).text).toBe('Key:\n[redacted: private key]\ndone');
  });

  it('block both ways, and keep what stands before', () => {
    for (const direction of ['input', 'output'] as const)
      expect(check('Well: the best way to commit suicide is', direction)).toMatchObject({
        action: 'block',
        text: 'Well: the best way to ',
      });
  });

  it('unite what overlaps', () => {
    expect(check('password=AKIAIOSFODNN7EXAMPLE').text).toBe('password=[redacted: secret key]');
  });
});
