import { analyseTerms } from '../terms.ts';

const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu;
const capital = /^[\p{Lu}\p{Lt}]/u;
/** The first word of a sentence has a capital anyway: a name only where it has more of them. */
const capitals = /^\p{Lu}\p{Lu}/u;

/**
 * The terms of what a sentence writes with a capital. A rule for scripts that have capitals, and for languages that keep
 * them for names: in German every noun counts. Where there are none, nothing does.
 */
export function namesIn(sentence: string): string[] {
  const words = sentence.match(word) ?? [];
  const names = words.filter((each, at) => (at === 0 ? capitals : capital).test(each));
  return analyseTerms(names.join(' '));
}
