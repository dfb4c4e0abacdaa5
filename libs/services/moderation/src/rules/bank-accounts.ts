import { isDigit, isWordUnit, type Candidate, type Detector, type View } from '../engine/detector.ts';

/** Length by country (ISO 13616, SWIFT IBAN registry release 99). */
const lengths: Readonly<Record<string, number>> = {
  ad: 24, ae: 23, al: 28, at: 20, az: 28, ba: 20, be: 16, bg: 22, bh: 22, bi: 27, br: 29, by: 28, ch: 21, cr: 22,
  cy: 28, cz: 24, de: 22, dj: 27, dk: 18, do: 28, ee: 20, eg: 29, es: 24, fi: 18, fk: 18, fo: 18, fr: 27, gb: 22,
  ge: 22, gi: 23, gl: 18, gr: 27, gt: 28, hn: 28, hr: 21, hu: 28, ie: 22, il: 23, iq: 23, is: 26, it: 27, jo: 30,
  kw: 30, kz: 20, lb: 28, lc: 32, li: 21, lt: 20, lu: 20, lv: 21, ly: 25, mc: 27, md: 24, me: 22, mk: 19, mn: 20,
  mr: 27, mt: 31, mu: 30, ni: 28, nl: 18, no: 15, om: 23, pk: 24, pl: 28, ps: 29, pt: 25, qa: 29, ro: 24, rs: 22,
  ru: 33, sa: 24, sc: 31, sd: 18, se: 24, si: 19, sk: 24, sm: 27, so: 23, st: 25, sv: 28, tl: 23, tn: 24, tr: 26,
  ua: 29, va: 22, vg: 24, xk: 20, ye: 30,
}; // prettier-ignore
const firstLetters = new Set(Object.keys(lengths).map((country) => country.charAt(0)));
const separators = ' -.';

/** IBANs in one piece or in groups, any case. */
export const bankAccounts: Detector = { category: 'pii/bank-account', score: 1, detect };

function* detect({ lower, from, complete }: View): Generator<Candidate> {
  for (let at = from; at < lower.length; at++) {
    if (!firstLetters.has(lower.charAt(at)) || isWordUnit(lower.charCodeAt(at - 1))) continue;
    const { characters, end, cut } = read(lower, at);
    if (cut && !complete) yield { start: at, end, open: true };
    else if (isIban(characters)) yield { start: at, end };
  }
}

/** Reads as many letters and digits as the country's IBANs have, looking through single separators. */
function read(lower: string, start: number): { characters: string; end: number; cut: boolean } {
  const wanted = wantedLength(lower, start);
  let characters = '';
  let at = start;
  for (; characters.length < wanted && at < lower.length; at++) {
    const separated = characters.length >= 4 && separators.includes(lower.charAt(at));
    if (separated && !separators.includes(lower.charAt(at - 1))) continue;
    const unit = lower.charCodeAt(at);
    const fits = characters.length < 2 || (characters.length < 4 ? isDigit(unit) : isWordUnit(unit));
    if (!fits) return { characters: '', end: at, cut: false };
    characters += lower.charAt(at);
  }
  return { characters, end: at, cut: characters.length < wanted };
}

/** 0: no IBAN begins like this. */
function wantedLength(lower: string, start: number): number {
  if (start + 1 === lower.length) return 2;
  return lengths[lower.slice(start, start + 2)] ?? 0;
}

const isIban = (characters: string): boolean =>
  characters.length > 4 && lengths[characters.slice(0, 2)] === characters.length && mod97(characters) === 1;

/** ISO 7064: the first four characters moved to the end, letters as 10 to 35. */
function mod97(characters: string): number {
  let rest = 0;
  for (const character of characters.slice(4) + characters.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
