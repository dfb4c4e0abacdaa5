import {
  digitsOf,
  isSameDigit,
  passesLuhn,
  passesMod11,
  passesMod11And10,
  passesVerhoeff,
  weighted,
} from './checksums.ts';

/** Whether what fits the shape of a number adds up; `found` as it is written, in lower case. */
export function isCurp(found: string): boolean {
  const alphabet = '0123456789abcdefghijklmnñopqrstuvwxyz';
  const sum = [...found]
    .slice(0, 17)
    .reduce((all, sign, place) => all + alphabet.indexOf(sign) * (18 - place), 0);
  return (10 - (sum % 10)) % 10 === Number(found[17]);
}

export function isNhs(found: string): boolean {
  const digits = digitsOf(found);
  const rest = weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (11 - rest) % 11 === Number(digits[9]) && !isSameDigit(digits);
}

export function isPpsn(found: string): boolean {
  const second = found[8] === undefined || found[8] === 'w' ? 0 : found.charCodeAt(8) - 96;
  const rest = (weighted(found, [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23;
  return 'wabcdefghijklmnopqrstuv'[rest] === found[7];
}

export function isSteuerId(found: string): boolean {
  const digits = digitsOf(found);
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && repeated[0]! <= 3 && passesMod11And10(digits);
}

export function isNir(found: string): boolean {
  const plain = found.replaceAll(' ', '').replace('2a', '19').replace('2b', '18');
  return 97 - (Number(plain.slice(0, 13)) % 97) === Number(plain.slice(13));
}

export function isNiss(found: string): boolean {
  const digits = digitsOf(found);
  const [month, day] = [Number(digits.slice(2, 4)) % 20, Number(digits.slice(4, 6))];
  const fits = (number: string): boolean => 97 - (Number(number) % 97) === Number(digits.slice(9));
  return month <= 12 && day <= 31 && (fits(digits.slice(0, 9)) || fits(`2${digits.slice(0, 9)}`));
}

export function isBsn(found: string): boolean {
  const digits = digitsOf(found);
  return weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && Number(digits) > 0;
}

export function isDni(found: string): boolean {
  const plain = found.replace(/[ .-]/g, '').replace(/^[xyz]/, (first) => String('xyz'.indexOf(first)));
  return 'trwagmyfpdxbnjzsqvhlcke'[Number(plain.slice(0, -1)) % 23] === plain.at(-1);
}

export const isNif = (found: string): boolean => passesMod11(digitsOf(found), [9, 8, 7, 6, 5, 4, 3, 2]);

export function isCodiceFiscale(found: string): boolean {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
  let sum = 0;
  for (let place = 0; place < 15; place++) {
    const sign = found.charCodeAt(place);
    const value = sign < 97 ? sign - 48 : sign - 97;
    sum += place % 2 === 0 ? odd[value]! : value;
  }
  return found.charCodeAt(15) - 97 === sum % 26;
}

export function isEan13(found: string): boolean {
  const digits = digitsOf(found);
  return weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

export function isNorwegian(found: string): boolean {
  const digits = digitsOf(found);
  const day = Number(digits.slice(0, 2)) % 40;
  return (
    digits.length === 11 &&
    day >= 1 &&
    day <= 31 &&
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

export const isHetu = (found: string): boolean =>
  '0123456789abcdefhjklmnprstuvwxy'[Number(found.slice(0, 6) + found.slice(7, 10)) % 31] === found[10];

export function isPesel(found: string): boolean {
  const [month, day] = [Number(found.slice(2, 4)) % 20, Number(found.slice(4, 6))];
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate && weighted(found, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

export function isBirthNumber(found: string): boolean {
  const digits = digitsOf(found);
  const month = (Number(digits.slice(2, 4)) % 50) % 20;
  return month >= 1 && month <= 12 && (Number(digits.slice(0, 9)) % 11) % 10 === Number(digits[9]);
}

export function isKimlik(found: string): boolean {
  const tenth = weighted(found, [7, -1, 7, -1, 7, -1, 7, -1, 7]);
  const sum = weighted(found, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  return ((tenth % 10) + 10) % 10 === Number(found[9]) && sum % 10 === Number(found[10]);
}

export function isCpf(found: string): boolean {
  const digits = digitsOf(found);
  return (
    !isSameDigit(digits) &&
    passesMod11(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) &&
    passesMod11(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
  );
}

export function isRut(found: string): boolean {
  const body = found.slice(0, -1).replace(/[.-]/g, '').padStart(8, '0');
  return '0k987654321'[weighted(body, [3, 2, 7, 6, 5, 4, 3, 2]) % 11] === found.at(-1);
}

export function isNric(found: string): boolean {
  const first = found.charAt(0);
  const offset = first === 'm' ? 3 : first === 't' || first === 'g' ? 4 : 0;
  const rest = (weighted(found.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  const letters = first === 'm' ? 'kljnpqrtuwx' : 'st'.includes(first) ? 'jzihgfedcba' : 'xwutrqpnmlk';
  const place = first === 'm' ? 10 - rest : rest;
  return letters[place] === found[8];
}

export const isChinese = (found: string): boolean =>
  '10x98765432'[weighted(found, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === found[17];

export function isKorean(found: string): boolean {
  const digits = digitsOf(found);
  return (11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(digits[12]);
}

export function isMyNumber(found: string): boolean {
  const digits = digitsOf(found);
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest <= 1 ? 0 : 11 - rest) === Number(digits[11]);
}

export const isTfn = (found: string): boolean =>
  weighted(digitsOf(found), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;

export function isMedicare(found: string): boolean {
  const digits = digitsOf(found);
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]);
}

export const hasLuhn = (found: string): boolean => passesLuhn(digitsOf(found));
export const hasVerhoeff = (found: string): boolean => passesVerhoeff(digitsOf(found));
/** Of twelve digits the first two are the century. */
export const isSwedish = (found: string): boolean => passesLuhn(digitsOf(found).slice(-10));
