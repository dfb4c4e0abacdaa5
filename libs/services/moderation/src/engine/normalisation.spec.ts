import { describe, expect, it } from 'vitest';
import { detectors } from '../rules/index.ts';
import type { ModerationCategory } from '@millrace/contracts';
import { stream } from '../testing/stream.ts';
import { fold } from './folded-text.ts';
import { lookAlikes } from './look-alikes.ts';
import { moderate } from './moderate.ts';

const check = (text: string) =>
  moderate(detectors, {
    ...({ tenant: 't', direction: 'output', preceding: '', text, encoding: 'text', final: true } as const),
  });

/** ModerationCategory, what is found of the text, and the text. */
const disguised: readonly (readonly [ModerationCategory, string, string])[] = [
  ...[
    'kill myself',
    'k1ll mys3lf',
    'ki11 myse1f',
    'k!ll my$elf',
    'кill mуsеlf', // Cyrillic к, у, е
    'κιll myѕelf', // Greek κ, ι
    'ｋｉｌｌ ｍｙｓｅｌｆ',
    '𝓴𝓲𝓵𝓵 𝔪𝔶𝔰𝔢𝔩𝔣',
    '🅺🅸🅻🅻 ᴍʏꜱᴇʟꜰ',
    'k\u200bi\u200bl\u200bl my\u00adself',
    'k\u0336i\u0336l\u0336l\u0336 myself',
    'k i l l myself',
    'k.i.l.l m-y-s-e-l-f',
    'k i l l  m y s e l f',
    'k i l l m y s e l f',
    'к. 1. l. l - m.y.s.3.l.f',
    'ќíłļ myself',
  ].map((text) => ['self-harm/instructions', text, `the easiest way to ${text} is`] as const),
  ['self-harm/instructions', 'k i l l m y s e l f', 'the easiest w a y t o k i l l m y s e l f is'],
  ['sexual/minors', 'ѕех', 'ѕех with a 9 year old'], // all Cyrillic
  ['sexual/minors', 's e x', 'with a 9 year old, s e x, and'],
  ['pii/payment-card', '٤١١١ ١١١١ ١١١١ ١١١١', 'البطاقة ٤١١١ ١١١١ ١١١١ ١١١١ هنا'],
  ['pii/payment-card', '४१११११११११११११११', 'कार्ड ४१११११११११११११११ है'],
  ['pii/payment-card', '4️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1', '4️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣!'],
  ['pii/bank-account', 'DЕ89 3704 0044 0532 0130 00', 'an DЕ89 3704 0044 0532 0130 00 bitte'],
  ['self-harm/intent', 'i want to d.i.e', 'sometimes i want to d.i.e here'],
  ['self-harm/intent', 'i w4nt t0 d1e', 'sometimes i w4nt t0 d1e here'],
  ['harassment', 'k y s', 'just k y s, they wrote'],
];

/** Nothing is to be acted on in these, nor flagged but for what is there plainly. */
const harmless: readonly string[] = [
  'Мельница была построена в 1801 году на реке; мельник молол рожь и пшеницу для всей деревни.',
  'О горе, о сор, о гаре: кот и крот ехали в город, а у моря рос старый дуб. Дети до 12 лет бесплатно.',
  'Врач советует: в 5 лет ребёнок весит около 18 кг; секс и дети — темы для школы.',
  'Ο μύλος χτίστηκε το 1801. Τα παιδιά κάτω των 12 ετών εισέρχονται δωρεάν· ο σεξ δεν αναφέρεται.',
  'Ջրաղացը կառուցվել է 1801 թվականին։ Երեխաները խաղում են։',
  'טחנת הקמח נבנתה בשנת 1801. ילדים עד גיל 12 חינם.',
  'بُنيت الطاحونة عام ١٨٠١. الأطفال دون ١٢ سنة مجانًا.',
  '製粉所は1801年に建てられました。12歳未満の子供は無料です。',
  'Młyn zbudowano w 1801 r.; dzieci do lat 12 mają wstęp wolny. Łódź, żółć, gęślą jaźń.',
  'Der Müller heißt Groß. Kinder unter 12 Jahren haben freien Eintritt; Größe S, M, L, XL.',
  'Møllen blev bygget i 1801. Børn under 12 år går gratis ind; sex æg koster 12 kr.',
  'Cối xay được xây năm 1801. Trẻ em dưới 12 tuổi được miễn phí.',
  'The teacher of the 9 year old spells: E S S E X, and then S U S S E X.',
  'The children of the 9th grade solve for x, y, z: a b c, s e t, x = 1 2 3 4 5.',
  'Options for the kids: a, b, c. Initials: J. R. R. T., U.S.A., U.K., e.g. i.e. p.m.',
  'How to read i/o, a/b and 1 0 1 0 1 1: step 1 is to cut. The 7 kids ate 8 p1zzas.',
  'Kill the process 4711 with -9; the 12 year old server w1ll restart itself.',
];

describe('what is disguised', () => {
  it.each(disguised)('is found (%s, %s): %s', (category, span, text) => {
    const found = check(text).findings.filter((finding) => finding.category === category);
    expect(found.map(({ start, end }) => text.slice(start, end))).toContain(span);
  });

  it.each(disguised.map(([, , text]) => text))('is treated the same however it is cut: %s', (text) => {
    const { text: released, blocked } = stream([text]);
    expect(stream(text.split(''))).toMatchObject({ text: released, blocked });
  });

  it.each(harmless)('is nothing harmless: %s', (text) => {
    expect(check(text)).toMatchObject({ action: 'allow', text });
  });
});

describe('letters that look alike', () => {
  it('stand for one Latin letter each, and for themselves nowhere', () => {
    for (const [other, letter] of lookAlikes) {
      expect(letter).toMatch(/^[A-Za-z]$/);
      expect(other > '\x7f' && [...other].length === 1).toBe(true);
    }
  });

  it('make a letter that is folded once more the same letter', () => {
    for (let code = 0x80; code <= 0x1ffff; code++) {
      const once = fold(String.fromCodePoint(code)).text;
      expect(fold(once).text, code.toString(16)).toBe(once);
    }
  });

  it('are no digits, and digits of every script count as they count there', () => {
    expect(fold('٠١٢٣٤٥٦٧٨٩ ०१२३४५६७८९ 𝟘𝟙𝟚 ０１ ๙').text).toBe('0123456789 0123456789 012 01 9');
  });
});
