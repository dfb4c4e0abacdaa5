import { sentences } from '@millrace/text';

/** A sentence, a table row or a line of code of a passage; offsets in it. */
export interface Piece {
  readonly kind: 'sentence' | 'row' | 'code';
  readonly start: number;
  readonly end: number;
  /** As a reader sees it, on one line: no quote marks, a row with the names of its columns. */
  readonly shown: string;
  /** The first of its paragraph, table or code block. */
  readonly opens: boolean;
}

/** A line, what it is part of, and its place. */
interface Line {
  readonly kind: 'prose' | 'row' | 'code' | 'fence';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The pieces of a passage in order. Quoted text is read like other text.
 * @param header the row of names of a table whose first part is in another passage
 */
export function* piecesOf(passage: string, header?: string): Generator<Piece> {
  const text = withoutQuoteMarks(passage);
  let names = header?.includes(' | ') ? cellsOf(header) : undefined;
  for (const run of runsOf(linesOf(text))) {
    const [{ kind, start }] = run;
    if (kind === 'prose') yield* sentencesOf(text, start, run.at(-1)!.end);
    if (kind === 'code') yield* codeOf(run);
    if (kind === 'row') yield* rowsOf(run, names);
    if (kind === 'row' || (kind === 'prose' && run.some((line) => line.text.trim() !== '')))
      names = undefined;
  }
}

/** Blanks in the place of quote marks: offsets stay. */
const withoutQuoteMarks = (text: string): string =>
  text.replace(/^[ \t]*>[> \t]*/gm, (marks) => marks.replaceAll('>', ' '));

const isFence = (line: string): boolean => /^\s*(?:```|~~~)/.test(line);
const isRow = (line: string): boolean => /^\s*\|/.test(line);
const isRecord = (line: string): boolean =>
  / \| /.test(line) || /^[^;\n]{0,100}: [^;\n]*; [^;\n]{1,100}: /.test(line);

function linesOf(text: string): Line[] {
  const texts = text.match(/[^\n]*\n?/g)?.filter((line) => line !== '') ?? [];
  let start = 0;
  let inCode = false;
  return texts.map((line, i) => {
    const isBoundary = isFence(line);
    if (isBoundary) inCode = !inCode;
    const beside = (other: string | undefined): boolean => other !== undefined && isRecord(other);
    const isTable = isRow(line) || (isRecord(line) && (beside(texts[i - 1]) || beside(texts[i + 1])));
    const kind = isBoundary ? 'fence' : inCode ? 'code' : isTable ? 'row' : 'prose';
    const from = start;
    start += line.length;
    return { kind, start: from, end: start, text: line };
  });
}

type Run = [Line, ...Line[]];

/** Lines of one kind that follow each other. */
function runsOf(lines: readonly Line[]): Run[] {
  const runs: Run[] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last?.[0].kind === line.kind) last.push(line);
    else runs.push([line]);
  }
  return runs;
}

const emphasis = '*_';

/** Marks of emphasis would hide where a sentence ends; they are part of it where they enclose it. */
function* sentencesOf(text: string, from: number, to: number): Generator<Piece> {
  const prose = text.slice(from, to);
  for (const { start, end, opens } of sentences(prose.replace(/\*\*|__/g, '  '))) {
    let [first, last] = [start, end];
    while (first > 0 && emphasis.includes(prose[first - 1]!)) first--;
    while (last < prose.length && emphasis.includes(prose[last]!)) last++;
    const shown = onOneLine(prose.slice(first, last));
    yield { kind: 'sentence', start: from + first, end: from + last, shown, opens };
  }
}

function* codeOf(run: Run): Generator<Piece> {
  for (const [i, line] of run.entries())
    if (line.text.trim() !== '')
      yield { kind: 'code', ...trimmed(line), shown: onOneLine(line.text), opens: i === 0 };
}

/** Rows of Markdown with a line under the header; others have their names in them, or none. */
function* rowsOf(run: Run, above: readonly string[] | undefined): Generator<Piece> {
  const isRuled = run[1] !== undefined && /^[\s|:-]+$/.test(run[1].text);
  const names = isRuled ? cellsOf(run[0].text) : above;
  for (const [i, line] of run.slice(isRuled ? 2 : 0).entries())
    yield { kind: 'row', ...trimmed(line), shown: named(cellsOf(line.text), names), opens: i === 0 };
}

const cellsOf = (row: string): string[] =>
  row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => onOneLine(cell));

const named = (cells: readonly string[], names: readonly string[] | undefined): string =>
  names?.length === cells.length
    ? cells
        .map((cell, i) => (cell === '' || !names[i] ? cell : `${names[i]}: ${cell}`))
        .filter((field) => field !== '')
        .join('; ')
    : cells.join(' | ');

const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const trimmed = ({ start, text }: Line) => {
  const from = start + text.length - text.trimStart().length;
  return { start: from, end: from + text.trim().length };
};
