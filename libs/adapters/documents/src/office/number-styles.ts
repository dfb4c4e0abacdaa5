import { descendants, firstOf, xmlTree } from './xml.ts';

export interface NumberStyles {
  /** A number much as its cell shows it: serial days become ISO dates, shares percents, binary rounding errors go. */
  format(value: string, style: string | undefined): string;
}

type Kind = 'date' | 'percent' | undefined;

/** Built-in number formats that show a date, a time or a share (ECMA-376 part 1, 18.8.30). */
function builtIn(id: number): Kind {
  if ((id >= 14 && id <= 22) || (id >= 45 && id <= 47)) return 'date';
  return id === 9 || id === 10 ? 'percent' : undefined;
}

/** A format code shows a date when y, m, d, h or s is left after quoted text, colours and escapes are gone. */
function kindOf(code: string): Kind {
  const left = code.replace(/"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\.|_./gi, '');
  if (/[ymdhs]/i.test(left) && !/^general$/i.test(code)) return 'date';
  return left.includes('%') ? 'percent' : undefined;
}

export function numberStyles(styles: Uint8Array | undefined, date1904 = '0'): NumberStyles {
  const tree = xmlTree(styles ?? '');
  const custom = new Map(
    [...descendants(tree, 'numFmt')].map(({ attributes }) => [
      Number(attributes['numFmtId']),
      kindOf(attributes['formatCode'] ?? ''),
    ]),
  );
  const cellFormats = firstOf(tree, 'cellXfs');
  const kinds = cellFormats
    ? [...descendants(cellFormats, 'xf')].map(({ attributes }) => {
        const id = Number(attributes['numFmtId']);
        return custom.has(id) ? custom.get(id) : builtIn(id);
      })
    : [];
  const epoch = date1904 === '1' || date1904 === 'true' ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  return {
    format: (value, style) => {
      const kind = kinds[Number(style ?? -1)];
      if (kind === 'date') return isoDate(value, epoch);
      return kind === 'percent' ? percent(value) : rounded(value);
    },
  };
}

function percent(value: string): string {
  const number = Number(value) * 100;
  return Number.isFinite(number) ? `${Number(number.toPrecision(15))}%` : value;
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
