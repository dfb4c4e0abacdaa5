import { descendants, firstOf, xmlTree } from './xml.ts';

export interface DateStyles {
  /** A number much as its cell shows it: serial days become ISO dates, binary rounding errors go. */
  format(value: string, style: string | undefined): string;
}

/** Built-in number formats that show a date or time (ECMA-376 part 1, 18.8.30). */
const isBuiltInDate = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 45 && id <= 47);

/** A format code shows a date when y, m, d, h or s is left after quoted text, colours and escapes are gone. */
const isDateCode = (code: string): boolean =>
  /[ymdhs]/i.test(code.replace(/"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\.|_./gi, '')) && !/^general$/i.test(code);

export function dateStyles(styles: Uint8Array | undefined, date1904 = '0'): DateStyles {
  const tree = xmlTree(styles ?? '');
  const custom = new Map(
    [...descendants(tree, 'numFmt')].map(({ attributes }) => [
      Number(attributes['numFmtId']),
      isDateCode(attributes['formatCode'] ?? ''),
    ]),
  );
  const cellFormats = firstOf(tree, 'cellXfs');
  const isDate = cellFormats
    ? [...descendants(cellFormats, 'xf')].map(({ attributes }) => {
        const id = Number(attributes['numFmtId']);
        return custom.get(id) ?? isBuiltInDate(id);
      })
    : [];
  const epoch = date1904 === '1' || date1904 === 'true' ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  return { format: (value, style) => (isDate[Number(style ?? -1)] ? isoDate(value, epoch) : rounded(value)) };
}

/** Excel keeps 15 significant digits. */
function rounded(value: string): string {
  const number = Number(value);
  return value.length > 15 && Number.isFinite(number) ? String(Number(number.toPrecision(15))) : value;
}

const dayMs = 86_400_000;

function isoDate(serial: string, epoch: number): string {
  const days = Number(serial);
  const date = new Date(epoch + Math.round(days * 86_400) * 1000);
  if (!Number.isFinite(days) || Number.isNaN(date.getTime())) return serial;
  const iso = date.toISOString();
  if (days < 1) return iso.slice(11, 19);
  return (date.getTime() - epoch) % dayMs === 0
    ? iso.slice(0, 10)
    : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}
