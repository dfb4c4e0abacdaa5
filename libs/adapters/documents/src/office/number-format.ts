/** Shows a number, as a file stores it, the way a cell of one format does. */
export type ShowNumber = (stored: string) => string;

/** What shows numbers by the code of a number format, such as `#,##0.00 "EUR"`. */
export type NumberFormats = (code: string, epoch?: DateEpoch) => ShowNumber;

/** The day that serial day 0 is, in milliseconds. */
export type DateEpoch = (typeof epochs)[keyof typeof epochs];

export const epochs = { of1900: Date.UTC(1899, 11, 30), of1904: Date.UTC(1904, 0, 1) } as const;

/** Excel's limit; a longer code is no format but an attempt to keep us busy. */
const maxCodeLength = 255;

/**
 * Loads the library that knows Excel's number formats. Dates are ISO dates whatever their format, so that one day is
 * written one way; elapsed times, units, currencies, percents and leading zeros are shown as in the cell.
 */
export async function loadNumberFormats(): Promise<NumberFormats> {
  const { format, getFormatDateInfo, isValidFormat } = await import('numfmt');
  return (written, epoch = epochs.of1900) => {
    const code = withoutLocale(written);
    if (isPlain.test(code) || code.length > maxCodeLength || !isValidFormat(code)) return rounded;
    const { year, month, day } = getFormatDateInfo(code);
    if (year || month || day) return (stored) => isoDate(stored, epoch);
    return (stored) => {
      if (isLongInteger(stored) || !Number.isFinite(Number(stored))) return stored;
      const shown = format(code, Number(stored), { dateErrorNumber: true });
      return shown.replace(/\s+/g, ' ').trim();
    };
  };
}

const isPlain = /^(?:general|@)?$/i;

/** `[$€-407]` without `-407`: one file would else have `1.5` and `1,5` side by side, which Excel never shows. */
const withoutLocale = (code: string): string =>
  code.replace(/\[\$([^\]-]*)-[^\]]*\]/g, (_, symbol: string) => (symbol === '' ? '' : `[$${symbol}]`));

/** More digits than a double holds: an id that some program wrote as a number. */
const isLongInteger = (stored: string): boolean => /^-?\d{16,}$/.test(stored);

/** Excel keeps 15 significant digits; what a double has beyond them are errors of rounding. */
function rounded(stored: string): string {
  const number = Number(stored);
  if (stored.length <= 15 || isLongInteger(stored) || !Number.isFinite(number)) return stored;
  return String(Number(number.toPrecision(15)));
}

const dayMs = 86_400_000;

function isoDate(serial: string, epoch: DateEpoch): string {
  const days = Number(serial);
  const date = new Date(epoch + Math.round(days * 86_400) * 1000);
  if (!Number.isFinite(days) || days < 0 || Number.isNaN(date.getTime())) return serial;
  const iso = date.toISOString();
  if (days < 1) return iso.slice(11, 19);
  return (date.getTime() - epoch) % dayMs === 0
    ? iso.slice(0, 10)
    : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}
