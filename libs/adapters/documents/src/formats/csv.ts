import { MillraceError } from '@millrace/contracts';
import type { parse as CsvParse } from 'csv-parse/sync';
import type { Extract, ReaderContext } from '../extract.ts';
import { TextBuilder } from '../text-builder.ts';
import { addSheet } from '../sheets/records.ts';

const delimiters = [',', ';', '\t', '|'] as const;
const sampledLines = 20;

/** Comma-, semicolon-, tab- or bar-separated values, one record a line. */
export async function readCsv(text: string, { limits }: ReaderContext): Promise<Extract> {
  const { parse } = await import('csv-parse/sync');
  const builder = new TextBuilder(limits.maxTextChars);
  try {
    const said = saidDelimiter.exec(text);
    const records = text.slice(said?.[0].length).replace(blankLines, '$1$1');
    const delimiter = said?.[1] ?? delimiterOf(text);
    addSheet(builder, rowsOf(parse, records, delimiter));
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError('unreadable_document', { detail: 'quotes that are never closed', cause });
  }
  return builder.build();
}

/** A quote opens a field behind blanks too, unless one is never closed then. Cells are trimmed in any case. */
function rowsOf(parse: typeof CsvParse, records: string, delimiter: string): string[][] {
  const options = { delimiter, relax_column_count: true, relax_quotes: true };
  try {
    return parse(records, { ...options, ltrim: true });
  } catch {
    return parse(records, options);
  }
}

/** They set tables apart, however many there are. */
const blankLines = /(\r?\n)(?:[ \t]*\r?\n)+/g;

/** Excel's way to name it, in a line before the first row. */
const saidDelimiter = /^\ufeff?"?sep=([^"\r\n])"?[ \t,;|]*\r?\n/i;

/** The one that cuts most of the first lines into the same number of fields, titles above them left aside. */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, 64 * 1024)
    .replace(quoted, '')
    .split('\n', sampledLines);
  const score = (delimiter: string): number => {
    const counts = lines.map((line) => line.split(delimiter).length - 1).filter((count) => count > 0);
    const alike = [...Map.groupBy(counts, (count) => count)];
    return alike.reduce((best, [count, { length }]) => Math.max(best, length * 1000 + count), 0);
  };
  return delimiters.reduce((best, each) => (score(each) > score(best) ? each : best));
}

const quoted = /"[^"]*"/g;
