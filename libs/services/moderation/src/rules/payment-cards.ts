import { isDigit, type Candidate, type Detector, type View } from '../engine/detector.ts';
import { passesLuhn } from './checksums.ts';

/** Issuer ranges and the lengths in use, by the first digits (ISO/IEC 7812; ranges as the networks publish them). */
const issuers: readonly {
  readonly from: string;
  readonly to: string;
  readonly lengths: readonly number[];
}[] = [
  { from: '4', to: '4', lengths: [13, 16, 19] }, // Visa
  { from: '51', to: '55', lengths: [16] }, // Mastercard
  { from: '2221', to: '2720', lengths: [16] }, // Mastercard
  { from: '34', to: '34', lengths: [15] }, // American Express
  { from: '37', to: '37', lengths: [15] },
  { from: '300', to: '305', lengths: [14, 16, 19] }, // Diners Club
  { from: '3095', to: '3095', lengths: [14, 16, 19] },
  { from: '36', to: '36', lengths: [14, 16, 19] },
  { from: '38', to: '39', lengths: [14, 16, 19] },
  { from: '3528', to: '3589', lengths: [16, 17, 18, 19] }, // JCB
  { from: '6011', to: '6011', lengths: [16, 19] }, // Discover
  { from: '644', to: '649', lengths: [16, 19] },
  { from: '65', to: '65', lengths: [16, 19] },
  { from: '62', to: '62', lengths: [16, 17, 18, 19] }, // UnionPay
  { from: '81', to: '81', lengths: [16, 17, 18, 19] },
  { from: '2200', to: '2204', lengths: [16, 17, 18, 19] }, // Mir
  { from: '5018', to: '5018', lengths: [12, 13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { from: '5020', to: '5020', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: '5038', to: '5038', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: '5893', to: '5893', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: '6304', to: '6304', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
  { from: '6759', to: '6763', lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
];
const minDigits = 12;
const maxDigits = 19;
const separators = ' -.';

/** Card numbers, in one piece, in groups (4 first, then 3 to 6) or digit by digit, with one kind of separator. */
export const paymentCards: Detector = { category: 'pii/payment-card', score: 1, detect };

function* detect({ text, from, complete }: View): Generator<Candidate> {
  for (let at = from; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at)) || isDigit(text.charCodeAt(at - 1))) continue;
    const { ends, digits, cut } = readGroups(text, at, complete);
    if (cut && couldBeCard(digits)) yield { start: at, end: text.length, open: true };
    else {
      const end = ends.findLast((group) => isCard(digits.slice(0, group.digits)));
      if (end) yield { start: at, end: end.at };
    }
  }
}

interface Groups {
  readonly digits: string;
  /** Where a number of an allowed grouping may end, and how many digits it has there. */
  readonly ends: readonly { readonly at: number; readonly digits: number }[];
  /** The text ended, for now, where more digits could follow. */
  readonly cut: boolean;
}

function readGroups(text: string, start: number, complete: boolean): Groups {
  const ends: Groups['ends'][number][] = [];
  const first = endOfDigits(text, start) - start;
  let digits = '';
  let separator = '';
  for (let at = start; ; at += 1) {
    const end = endOfDigits(text, at);
    const growing = end === text.length && !complete;
    if (digits.length + end - at > maxDigits || !fits(first, end - at, growing)) break;
    digits += text.slice(at, end);
    ends.push({ at: end, digits: digits.length });
    if (growing) return { digits, ends, cut: true };
    separator ||= separators.includes(text.charAt(end)) ? text.charAt(end) : '';
    if (!separator || text[end] !== separator)
      return { digits, ends: whole(text, start, first, ends), cut: false };
    if (end + 1 === text.length && !complete) return { digits, ends, cut: true };
    if (!isDigit(text.charCodeAt(end + 1)))
      return { digits, ends: whole(text, start, first, ends), cut: false };
    at = end;
  }
  return { digits, ends: first === 1 ? [] : ends, cut: false };
}

/** Of single digits in a row only the whole row may be a number: otherwise every list of digits would hold one. */
const whole = (text: string, start: number, first: number, ends: Groups['ends']): Groups['ends'] => {
  if (first !== 1) return ends;
  const isMiddle = separators.includes(text.charAt(start - 1)) && isDigit(text.charCodeAt(start - 2));
  return isMiddle ? [] : ends.slice(-1);
};

/** 4 and then 3 to 6, single digits, or all in one piece. */
const fits = (first: number, size: number, growing: boolean): boolean => {
  if (size === first && (growing || first === 1 || first === 4 || first >= minDigits)) return true;
  return first === 4 && size <= 6 && (growing || size >= 3);
};

function endOfDigits(text: string, start: number): number {
  let at = start;
  while (at < text.length && isDigit(text.charCodeAt(at))) at++;
  return at;
}

const couldBeCard = (digits: string): boolean =>
  issuers.some(({ from, to }) => {
    const length = Math.min(digits.length, from.length);
    const begin = digits.slice(0, length);
    return begin >= from.slice(0, length) && begin <= to.slice(0, length);
  });

const isCard = (digits: string): boolean => hasIssuer(digits) && passesLuhn(digits);

const hasIssuer = (digits: string): boolean =>
  issuers.some(
    ({ from, to, lengths }) =>
      lengths.includes(digits.length) &&
      digits.slice(0, from.length) >= from &&
      digits.slice(0, to.length) <= to,
  );
