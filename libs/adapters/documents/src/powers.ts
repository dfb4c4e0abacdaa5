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
      const before = stretches[at - 1]?.text ?? '';
      if (script === 'above' && isDegree(before, text, stretches[at + 1]?.text ?? '')) return '°';
      const [open, close] = scriptMarks(before, text, script);
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
 * ordinals, trade marks and what stands in square brackets; behind brackets all but those marks, and behind a letter
 * that stands alone all but abbreviations too. What is raised above a word, or behind words in brackets, is of a note.
 */
export function scriptMarks(before: string, text: string, script: Script | undefined): Marks {
  const [end, said] = [before.slice(-charsBefore), text.trim()];
  if (script === 'below') return isIndex(end, said) ? marked('_', said) : none;
  if (script === undefined || !/[\p{L}\p{N}]/u.test(said) || said.startsWith('[')) return none;
  return isPower(end, said) ? marked('^', said) : none;
}

/** How much of what stands before a script tells what it is: a word and something. */
export const charsBefore = 24;

function isPower(end: string, said: string): boolean {
  if (tradeMark.test(said)) return false;
  if (number.test(end)) return !isOrdinal(end, said);
  if (end.endsWith(')')) return !words.test(end);
  return letter.test(end) && !abbreviation.test(said);
}

/** A base, or a term of several parts: `x_(i+1)`. */
const isIndex = (end: string, said: string): boolean =>
  (/\d$/.test(end) && /^[-+−–]?\d/.test(said)) || (/[\p{L}\p{N})]$/u.test(end) && operation.test(said));

const operation = /[\p{L}\p{N})]\s*[-+−–*/=]\s*[\p{L}\p{N}(]/u;

/** `10`, also at the end of a sentence or a clause: `1990.` and the mark of a note are not `1990.1`. */
const number = /\d[.,]?$/;
/** `(see the mill)` is no term, `(1 + r)`, `(3 cm)` and `(radius)` are. */
const words = /\p{L}\s+\p{L}{2,}[.!?]?\)$/u;
const letter = /(?<!\p{L})\p{L}$/u;

/** No ordinal ends a decimal fraction: a letter behind one is of a note, `5.3^a`, unless it stands for degrees. */
const isOrdinal = (end: string, said: string): boolean =>
  /[.,]\d{1,2}$/.test(end) ? /^[oº]$/.test(said) : endings.test(said) || letterOf(end).test(said);

/** In English, French, Dutch, Spanish, Italian and Portuguese. */
const endings = /^(?:st|nds?|rd|th|ers?|i?[eè]res?|[eè]?mes?|res?|es|n?des?|ste|[ao]s|[rdtmvn][ao]s?)\.?$/iu;
/** A single letter is small; `d` is that of the second alone. */
const letterOf = (end: string): RegExp => (/(?<!\d)2$/.test(end) ? /^[aoeªºd]\.?$/u : /^[aoeªº]\.?$/u);
const tradeMark = /^(?:TM|SM|tm|sm|\((?:R|TM|SM)\))$/;
const abbreviation = /^(?:e|er|o|os|r|rs|me|mes|lle|lles|gr)\.?$/iu;

/** `25°C` with a raised letter for the sign: search finds `25 °C` by the sign, and nobody asks for the word `25oc`. */
export const isDegree = (before: string, raised: string, behind: string): boolean =>
  /\d$/.test(before) && /^[oº]$/.test(raised) && /^[CF](?![\p{L}\p{N}])/u.test(behind);

/** A term of several parts gets brackets: 2^64−1 is another number than 2^(64−1). */
const marked = (sign: string, term: string): Marks =>
  /^(?:[-+−–]?(?:[\p{N}.,]+|\p{L})|\([^()]*\))$/u.test(term) ? [sign, ''] : [`${sign}(`, ')'];
