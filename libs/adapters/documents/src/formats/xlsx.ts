import { MillraceError } from '@millrace/contracts';
import type { Extract, ReaderContext, Source } from '../extract.ts';
import { openOfficePackage, type OfficeParts } from '../office/office-package.ts';
import { coreTitle, relationshipsOf } from '../office/relationships.ts';
import { sheetExtras } from '../office/sheet-extras.ts';
import { readCells, sharedStrings } from '../office/sheet-cells.ts';
import { loadNumberFormats, type NumberFormats } from '../office/number-format.ts';
import { numberStyles, type NumberStyles } from '../office/number-styles.ts';
import { descendants, firstOf, relationshipId, xmlTree, type Element } from '../office/xml.ts';
import { TextBuilder } from '../text-builder.ts';
import { addSheet } from '../sheets/records.ts';

const workbook = 'xl/workbook.xml';

/** Excel: visible sheets as pages under their names, one line a row; formulas by their stored results. */
export async function readXlsx({ bytes }: Source, { limits }: ReaderContext): Promise<Extract> {
  const parts = openOfficePackage(bytes, limits);
  const book = xmlTree(parts.get(workbook) ?? '');
  const related = [...relationshipsOf(parts, workbook)];
  const part = (type: string): string | undefined =>
    related.find(([, each]) => each.type === type)?.[1].target;
  const strings = sharedStrings(parts.get(part('sharedStrings') ?? ''));
  const formats = await loadNumberFormats();
  const numbers = numberStyles(
    parts.get(part('styles') ?? ''),
    formats,
    firstOf(book, 'workbookPr')?.attributes['date1904'],
  );
  const builder = new TextBuilder(limits.maxTextChars);
  const targets = new Map(related.map(([id, { target }]) => [id, target]));
  for (const [index, sheet] of visibleSheets(book).entries())
    readSheet(builder, parts, { sheet, page: index + 1, targets, strings, numbers, formats });
  return builder.build(coreTitle(parts));
}

function visibleSheets(book: Element): Element[] {
  const sheets = [...descendants(book, 'sheet')];
  if (sheets.length === 0) throw new MillraceError('unreadable_document', { detail: 'no sheets' });
  return sheets.filter(({ attributes }) => (attributes['state'] ?? 'visible') === 'visible');
}

interface SheetInput {
  readonly sheet: Element;
  readonly page: number;
  readonly targets: ReadonlyMap<string, string>;
  readonly strings: readonly string[];
  readonly numbers: NumberStyles;
  readonly formats: NumberFormats;
}

function readSheet(
  builder: TextBuilder,
  parts: OfficeParts,
  { sheet, page, targets, formats, ...cells }: SheetInput,
): void {
  const name = targets.get(relationshipId(sheet) ?? '') ?? '';
  const xml = parts.get(name);
  if (!xml) return;
  const rows = readCells(xml, { ...cells, isFiltered: isFiltered(parts, name) });
  const extras = sheetExtras(parts, name, formats).filter((text) => text !== '');
  if (rows.length + extras.length === 0) return;
  builder.heading(1, sheet.attributes['name'] ?? `Sheet ${page}`, page);
  addSheet(builder, rows, page);
  for (const text of extras) builder.add('list', text, { page });
}

/** A filter is set in the sheet itself or in a table on it. */
function isFiltered(parts: OfficeParts, sheet: string): boolean {
  const tables = [...relationshipsOf(parts, sheet).values()].filter(({ type }) => type === 'table');
  return [sheet, ...tables.map(({ target }) => target)].some((name) => {
    const { buffer, byteOffset, length } = parts.get(name) ?? new Uint8Array();
    return Buffer.from(buffer, byteOffset, length).includes('filterColumn');
  });
}
