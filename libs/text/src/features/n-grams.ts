import { hashOf, hashOn, mixed, startOfHash } from './hashes.ts';

const blank = 0x20;

type Visit = (hash: number) => void;

const ascii = /^[\0-\x7f]*$/;
const marks = /\p{M}+/gu;

/** As features see a text: compatibility forms unified, accents gone, lower case. */
export const plainText = (text: string): string =>
  (ascii.test(text) ? text : text.normalize('NFKD').replace(marks, '')).toLowerCase();

/** Words, and each sign for itself. */
const token = /[\p{L}\p{N}']+|[^\s\p{L}\p{N}]/gu;

/** Every word or sign of a plain text, and every two in a row. */
export function eachWordGram(plain: string, visit: Visit): void {
  let previous: number | undefined;
  for (const word of plain.match(token) ?? []) {
    const hash = hashOf(word);
    visit(mixed(hash));
    if (previous !== undefined) visit(mixed(hashOf(word, hashOn(previous, blank))));
    previous = hash;
  }
}

const [shortest, longest] = [2, 5];
/** Every two to five characters in a row of each word, the blanks around it among them; a shorter word whole. */
export function eachCharacterGram(plain: string, visit: Visit): void {
  for (const word of plain.split(/\s+/)) if (word !== '') gramsOfWord(word, visit);
}

function gramsOfWord(word: string, visit: Visit): void {
  const end = word.length + 2;
  const unitAt = (at: number): number => (at === 0 || at === end - 1 ? blank : word.charCodeAt(at - 1));
  for (let start = 0; start + shortest <= end; start++) {
    let hash = startOfHash;
    for (let at = start; at < end && at < start + longest; at++) {
      hash = hashOn(hash, unitAt(at));
      if (at + 1 - start >= shortest) visit(mixed(hash));
    }
  }
}
