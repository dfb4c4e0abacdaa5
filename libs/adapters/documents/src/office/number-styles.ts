import { epochs, type NumberFormats, type ShowNumber } from './number-format.ts';
import { descendants, firstOf, xmlTree } from './xml.ts';

export interface NumberStyles {
  /** A number as its cell shows it; dates as ISO dates. */
  format(value: string, style: string | undefined): string;
}

/** The number formats that files name without saying them (ECMA-376 part 1, 18.8.30). */
const builtIn: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  37: '#,##0;(#,##0)',
  38: '#,##0;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  41: '#,##0;(#,##0);"-"',
  42: '$#,##0;$(#,##0);$"-"',
  43: '#,##0.00;(#,##0.00);"-"',
  44: '$#,##0.00;$(#,##0.00);$"-"',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
};

/** Dates of every kind; those from 27 on are the East Asian ones. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);

const builtInCode = (id: number): string => (isBuiltInDate(id) ? 'yyyy-mm-dd' : (builtIn[id] ?? 'General'));

/** The styles of a workbook by their numbers. */
export function numberStyles(
  styles: Uint8Array | undefined,
  formats: NumberFormats,
  date1904 = '0',
): NumberStyles {
  const tree = xmlTree(styles ?? '');
  const custom = new Map(
    [...descendants(tree, 'numFmt')].map(({ attributes }) => [
      Number(attributes['numFmtId']),
      attributes['formatCode'] ?? '',
    ]),
  );
  const cellFormats = firstOf(tree, 'cellXfs');
  const codes = cellFormats
    ? [...descendants(cellFormats, 'xf')].map(({ attributes }) => {
        const id = Number(attributes['numFmtId']);
        return custom.get(id) ?? builtInCode(id);
      })
    : [];
  const epoch = date1904 === '1' || date1904 === 'true' ? epochs.of1904 : epochs.of1900;
  const shows = new Map<string, ShowNumber>();
  return {
    format: (value, style) => {
      const code = codes[Number(style ?? 0)] ?? 'General';
      const show = shows.get(code) ?? formats(code, epoch);
      shows.set(code, show);
      return show(value);
    },
  };
}
