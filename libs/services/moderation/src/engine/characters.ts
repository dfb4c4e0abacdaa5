/** How the characters of a text are written. */
export type Encoding = 'text' | 'json';

/** One character as it is meant, and where it ends in the text. */
export interface Character {
  readonly text: string;
  readonly end: number;
}

/** Reads the character at a place; undefined: more text decides what it is. */
export type ReadCharacter = (text: string, at: number, final: boolean) => Character | undefined;

export const readerOf = (encoding: Encoding): ReadCharacter =>
  encoding === 'json' ? readEscaped : readPlain;

/** The second half of a surrogate pair may still be to come, and decides what the character is. */
function readPlain(text: string, at: number, final: boolean): Character | undefined {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  const isHalf = at + 1 === text.length && isHighSurrogate(character);
  return isHalf && !final ? undefined : { text: character, end: at + character.length };
}

const isHighSurrogate = (character: string): boolean => /^[\ud800-\udbff]$/.test(character);
const isLowSurrogate = (character: string): boolean => /^[\udc00-\udfff]$/.test(character);

const simple: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/' },
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
};

/** JSON: outside of strings there are no backslashes, so it need not know where it is. */
function readEscaped(text: string, at: number, final: boolean): Character | undefined {
  if (text[at] !== '\\') return withLow(readPlain(text, at, final), text, final);
  const letter = text[at + 1];
  if (letter === undefined && !final) return undefined;
  const meant = simple[letter ?? ''];
  if (meant !== undefined) return { text: meant, end: at + 2 };
  return letter === 'u' ? readUnit(text, at, final) : { text: '\\', end: at + 1 };
}

const unit = /^\\u[0-9a-f]{4}$/i;
const unfinishedUnit = /^(?:\\(?:u[0-9a-f]{0,3})?)?$/i;
const lengthOfUnit = 6;

/** `\u0041`, or two for what lies beyond the first plane. What is no escape is read as it stands. */
function readUnit(text: string, at: number, final: boolean): Character | undefined {
  const first = text.slice(at, at + lengthOfUnit);
  if (!final && unfinishedUnit.test(first)) return undefined;
  if (!unit.test(first)) return { text: '\\', end: at + 1 };
  const end = at + lengthOfUnit;
  return withLow({ text: valueOf(first), end }, text, final);
}

/** Half a character with the other half, each written as it is or as an escape. */
function withLow(high: Character | undefined, text: string, final: boolean): Character | undefined {
  if (!high || !isHighSurrogate(high.text)) return high;
  const { end } = high;
  if (isLowSurrogate(text.charAt(end))) return { text: high.text + text.charAt(end), end: end + 1 };
  const second = text.slice(end, end + lengthOfUnit);
  if (!final && unfinishedUnit.test(second)) return undefined;
  const low = unit.test(second) ? valueOf(second) : '';
  return isLowSurrogate(low) ? { text: high.text + low, end: end + lengthOfUnit } : high;
}

const valueOf = (escape: string): string => String.fromCharCode(parseInt(escape.slice(2), 16));
