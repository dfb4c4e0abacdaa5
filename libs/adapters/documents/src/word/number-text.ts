/** Writes a number; undefined for what it has no sign for. */
type Writing = (number: number) => string | undefined;

/** Longer runs of one letter are no number that anybody reads. */
const mostRepeated = 30;

/** `aa`, `bb` follow on `z`, unlike in HTML. */
const lettersOf =
  (alphabet: string): Writing =>
  (number) => {
    const times = Math.ceil(number / alphabet.length);
    return number > 0 && times <= mostRepeated
      ? alphabet.charAt((number - 1) % alphabet.length).repeat(times)
      : undefined;
  };

const romanSigns = Object.entries({
  ...{ M: 1000, CM: 900, D: 500, CD: 400, C: 100, XC: 90, L: 50, XL: 40, X: 10, IX: 9, V: 5, IV: 4, I: 1 },
});

const roman: Writing = (number) => {
  if (number < 1 || number > 3999) return undefined;
  let rest = number;
  let signs = '';
  for (const [sign, value] of romanSigns) for (; rest >= value; rest -= value) signs += sign;
  return signs;
};

const endings = ['th', 'st', 'nd', 'rd'];

const ordinal: Writing = (number) => {
  const isTeen = Math.floor(number / 10) % 10 === 1;
  return `${number}${(!isTeen && endings[number % 10]) || 'th'}`;
};

const chineseDigits = '〇一二三四五六七八九';

/** 十二, 二十, 一百〇五. */
const chinese: Writing = (number) => {
  if (number < 1 || number > 9999) return number === 0 ? '〇' : undefined;
  const digits = [...String(number)].map(Number);
  const signs = digits.map((digit, at) =>
    digit === 0 ? '〇' : chineseDigits.charAt(digit) + ['', '十', '百', '千'].at(digits.length - 1 - at),
  );
  return signs.join('').replace(/〇+/g, '〇').replace(/〇$/, '').replace(/^一十/, '十');
};

const letters = lettersOf('abcdefghijklmnopqrstuvwxyz');
const russian = lettersOf('абвгдежзиклмнопрстуфхцчшщыэюя');
const circled: Writing = (number) =>
  number > 0 && number <= 20 ? String.fromCharCode(0x2460 + number - 1) : undefined;
const nothing: Writing = () => '';

const writings = new Map<string, Writing>([
  ['decimalZero', (number) => String(number).padStart(2, '0')],
  ['lowerLetter', letters],
  ['upperLetter', (number) => letters(number)?.toUpperCase()],
  ['lowerRoman', (number) => roman(number)?.toLowerCase()],
  ['upperRoman', roman],
  ['ordinal', ordinal],
  ['russianLower', russian],
  ['russianUpper', (number) => russian(number)?.toUpperCase()],
  ['decimalEnclosedCircle', circled],
  ['decimalEnclosedCircleChinese', circled],
  ['chineseCounting', chinese],
  ['chineseCountingThousand', chinese],
  ['japaneseCounting', chinese],
  ['taiwaneseCounting', chinese],
  ['taiwaneseCountingThousand', chinese],
  ['bullet', nothing],
  ['none', nothing],
]);

/** A number of a list in the format of that name (ECMA-376, 17.18.59); digits where there is no writing of ours. */
export function numberText(number: number, format: string): string {
  const zeros = /^(0*)1$/.exec(format)?.[1];
  if (zeros !== undefined) return String(number).padStart(zeros.length + 1, '0');
  return writings.get(format)?.(number) ?? String(number);
}
