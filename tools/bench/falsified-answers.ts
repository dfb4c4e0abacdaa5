import { sentences } from '@millrace/text';
import { holdsAnswer, type Question } from './xquad.ts';

/** A statement that is true by its paragraph, and what was made of it that is not. */
export interface Statements {
  readonly true: string;
  /** Another number in the place of one. */
  readonly number?: string | undefined;
  /** A name of another article in the place of one. */
  readonly name?: string | undefined;
  /** A name of the same paragraph in the place of one. */
  readonly swapped?: string | undefined;
}

/** How a question is answered: by the sentence of its paragraph, or by its own words and the answer. */
export const tellings = {
  'the sentence itself': ({ answers }: Question, paragraph: string): string | undefined =>
    [...sentences(paragraph)]
      .map(({ start, end }) => paragraph.slice(start, end))
      .find((sentence) => sentence.includes(answers[0]!)),
  'other words': ({ text, answers }: Question, paragraph: string): string | undefined =>
    holdsAnswer(paragraph, { answers } as Question)
      ? `${text.replace(/\s*\?\s*$/, '')}, ${answers[0]}.`
      : undefined,
};

const number = /\d+/g;
/** With a capital, and not where a sentence begins. */
const name = /(?<=\p{L}[,;]?\s)\p{Lu}\p{L}+/gu;

export const namesOf = (text: string): string[] => text.match(name) ?? [];

export function falsified(
  statement: string,
  paragraph: string,
  elsewhere: readonly string[],
  random: () => number,
): Statements {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const replaced = (pattern: RegExp, by: (found: string) => string | undefined): string | undefined => {
    const found = pick([...statement.matchAll(pattern)]);
    const other = found && by(found[0]);
    if (!found || other === undefined) return undefined;
    return statement.slice(0, found.index) + other + statement.slice(found.index + found[0].length);
  };
  const besides = (names: readonly string[]): string[] => names.filter((one) => !statement.includes(one));
  return {
    true: statement,
    number: replaced(
      number,
      (digits) => digits.slice(0, -1) + ((Number(digits.at(-1)) + 1 + Math.floor(9 * random())) % 10),
    ),
    name: replaced(name, () => pick(besides(elsewhere))),
    swapped: replaced(name, () => pick(besides(namesOf(paragraph)))),
  };
}
