/** Where a piece of text stands to the line. */
export type Script = 'above' | 'below';

/** A stretch of text in one format. */
export interface Run {
  readonly text: string;
  readonly script?: Script | undefined;
}

/** Runs side by side as one text, what is raised or lowered set apart. A number may lie in several. */
export function joinedRuns(runs: Iterable<Run>): string {
  const stretches: { text: string; script: Script | undefined }[] = [];
  for (const { text, script } of runs) {
    const last = stretches.at(-1);
    if (last?.script === script && last) last.text += text;
    else if (text !== '') stretches.push({ text, script });
  }
  return stretches
    .map(({ text, script }, at) => {
      const [open, close] = scriptMarks(stretches[at - 1]?.text ?? '', text, script);
      return open + text + close;
    })
    .join('');
}

/** What goes before a piece of text, and what behind it. */
type Marks = readonly [open: string, close: string];

const none: Marks = ['', ''];

/**
 * What keeps raised or lowered text apart from what it stands behind, so that the two never read as one other number:
 * `10^23`, `2^(n+1)`, `101_2`. Behind a number, whatever its end, all that is raised is set apart but the endings of
 * ordinals and what stands in square brackets; behind a letter that stands alone all but abbreviations. What is raised
 * above a word is of a note.
 */
export function scriptMarks(before: string, text: string, script: Script | undefined): Marks {
  const [end, said] = [before.slice(-3), text.trim()];
  if (script === 'below') return /\d$/.test(end) && /^[-+−–]?\d/.test(said) ? marked('_', said) : none;
  if (script === undefined || !/[\p{L}\p{N}]/u.test(said) || said.startsWith('[')) return none;
  const isApart = number.test(end) ? !ordinal.test(said) : letter.test(end) && !abbreviation.test(said);
  return isApart ? marked('^', said) : none;
}

/** `10`, also at the end of a sentence or a clause: `1990.` and the mark of a note are not `1990.1`. `(1 + r)` too. */
const number = /\d[.,]?$|\)$/;
const letter = /(?<!\p{L})\p{L}$/u;

const ordinal = /^(?:st|nd|rd|th|e|er|re|ère|ème|nde|ste|de)$/iu;
const abbreviation = /^(?:e|er|o|os|r|rs|me|mes|lle|lles|gr|tm|sm)\.?$/iu;

/** A term of several parts gets brackets: 2^64−1 is another number than 2^(64−1). */
const marked = (sign: string, term: string): Marks =>
  /^(?:[-+−–]?(?:[\p{N}.,]+|\p{L})|\([^()]*\))$/u.test(term) ? [sign, ''] : [`${sign}(`, ')'];
