/** The digits of a number, letters and separators left out. */
export const digitsOf = (written: string): string => written.replace(/\D/g, '');

/** Each digit times the weight of its place. */
export const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, place) => sum + weight * Number(digits[place]), 0);

/** ISO/IEC 7812-1 annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    sum += place % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** ISO 7064, MOD 11-10: the last digit is the check. */
export function passesMod11And10(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (product + Number(digit)) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** Of the dihedral group of ten: the product of each two elements. */
const times = (one: number, other: number): number =>
  one < 5
    ? other < 5
      ? (one + other) % 5
      : ((one + other) % 5) + 5
    : other < 5
      ? ((one - other + 5) % 5) + 5
      : (one - other + 5) % 5;
const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** J. Verhoeff, Error Detecting Decimal Codes, 1969. */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let place = 0; place < digits.length; place++) {
    let value = Number(digits[digits.length - 1 - place]);
    for (let turn = 0; turn < place % 8; turn++) value = permutation[value]!;
    check = times(check, value);
  }
  return check === 0;
}

/** Of CPF and the like: a last digit that is 11 less the rest of a weighted sum, 0 for 10 and 11. */
export const passesMod11 = (digits: string, weights: readonly number[]): boolean =>
  ((11 - (weighted(digits, weights) % 11)) % 11) % 10 === Number(digits[weights.length]);

export const isSameDigit = (digits: string): boolean => /^(\d)\1*$/.test(digits);
