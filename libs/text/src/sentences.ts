/** Offsets in the text, in UTF-16 units, end exclusive. */
export interface SentenceRange {
  readonly start: number;
  readonly end: number;
  /** The first of its paragraph, list item, heading or table row. */
  readonly opens: boolean;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The sentences of a text in order, without the white space around them; nothing else is left out.
 * Unicode's rules (UAX 29), with what they get wrong mended: a line break inside a paragraph does not end a
 * sentence, an abbreviation or a list number does not either, while a blank line, a list item, a table row, a line of
 * fenced code and a heading's line do.
 */
export function* sentences(text: string): Generator<SentenceRange> {
  for (const block of blocks(text)) {
    let opens = true;
    for (const range of within(text.slice(block.start, block.end), block.start)) {
      yield { ...range, opens };
      opens = false;
    }
  }
}

const blank = /^\s*$/;
const listItem = /^\s*(?:[-*+•‣◦▪]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s/;
const standsAlone = /^\s*(?:#{1,6}\s|\|)/;
const fence = /^\s*(?:```|~~~)/;
const titleLike = /^\s*[\p{Lu}\p{N}].*[^,;\s-]\s*$/u;
const startsAnew = /^\s*["'“‘(]?[\p{Lu}\p{N}]/u;

/** Lines that belong together: a paragraph, a list item, a heading, a table row, a line of code. */
function* blocks(text: string): Generator<Range> {
  let start = 0;
  let previous = '';
  let inCode = false;
  for (const { 0: line, index } of text.matchAll(/[^\n]*\n?/g)) {
    const isFence = fence.test(line);
    if (index > start && (inCode || isFence || fence.test(previous) || separates(previous, line))) {
      yield { start, end: index };
      start = index;
    }
    if (isFence) inCode = !inCode;
    previous = line;
  }
  if (start < text.length) yield { start, end: text.length };
}

function separates(previous: string, line: string): boolean {
  if (blank.test(previous) || blank.test(line) || listItem.test(line)) return true;
  if (standsAlone.test(previous) || standsAlone.test(line)) return true;
  const isShort = previous.trim().length < 0.6 * line.trim().length;
  return isShort && titleLike.test(previous) && startsAnew.test(line);
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

function* within(block: string, offset: number): Generator<Range> {
  const flat = block.replace(/[\n\v\f\r\u0085\u2028\u2029]/g, ' ');
  let start = 0;
  for (const { segment, index } of segmenter.segment(flat)) {
    const end = index + segment.length;
    if (end < flat.length && continues(flat.slice(start, end), flat.slice(end, end + lookahead))) continue;
    yield* trimmed(flat, start, end, offset);
    start = end;
  }
}

/** Characters of what follows that decide whether a sentence goes on. */
const lookahead = 100;

function* trimmed(flat: string, start: number, end: number, offset: number): Generator<Range> {
  const slice = flat.slice(start, end);
  const text = slice.trim();
  if (text === '') return;
  const from = offset + start + slice.indexOf(text);
  yield { start: from, end: from + text.length };
}

/** Never followed by the end of a sentence. */
const title = /(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|rev|gen|col|lt|sgt|capt|gov|sen|rep|hon|pres)\.\s*$/i;
const pointer = /(?:^|[\s(])(?:e\.g|i\.e|cf|viz|vs|al|figs?|eqs?|vol|ch|secs?|pp?|eds?|approx|resp)\.\s*$/i;
const initial = /(?:^|[\s(.])\p{Lu}\.\s*$/u;
/** Not before a number. */
const counted = /(?:^|[\s(])(?:nos?|art|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.\s*$/i;
/** May end a sentence: what follows decides. */
const acronym = /(?:(?:\p{L}\.){2,}|(?:^|\s)(?:etc|inc|ltd|co|corp|jr|sr)\.)\s*$/iu;
const starter =
  /^(?:the|a|an|this|that|these|those|it|he|she|they|we|i|you|in|on|at|but|and|however|there|when|if|as|for)\b/i;
const number = /^\s*\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s*$/i;
/** `(default: 30, optional)` at the very end says something of the sentence before it. */
const remark = /^\([^()]{4,90}\)\.?\s*$/;
/** With no space behind it, it is part of a path, a version or a name. */
const unspaced = /[.?!]["'”’)\]]*$/;
const quoteThenVerb = /[?!]["'”’)]\s*$/;

/** Characters before an end that decide whether it is one. */
const longestEnding = 24;

function continues(sentence: string, next: string): boolean {
  const ending = sentence.slice(-longestEnding);
  if (unspaced.test(ending) && /^\S/.test(next)) return true;
  if (remark.test(next)) return true;
  if (number.test(sentence) || title.test(ending) || pointer.test(ending)) return true;
  if (acronym.test(ending)) return !starter.test(next);
  if (initial.test(ending)) return true;
  return counted.test(ending) ? /^\d/.test(next) : quoteThenVerb.test(ending) && /^\p{Ll}/u.test(next);
}
