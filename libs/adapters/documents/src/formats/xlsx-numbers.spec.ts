import { describe, expect, it } from 'vitest';
import { xlsxOf } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

describe('numbers in Excel', () => {
  it.each([
    ['a share', '0.25', '0%', '25%'],
    ['a share with an error of rounding', '0.28999999999999998', '0.0%', '29.0%'],
    ['a percent sign that is a unit', '3', '0"%"', '3%'],
    ['leading zeros', '42', '00000', '00042'],
    ['a unit', '3.14', '0.0"kg"', '3.1kg'],
    ['a currency in words', '1234.5', '#,##0.00 "EUR"', '1,234.50 EUR'],
    ['a currency with a locale', '12', '#,##0.00 [$€-407]', '12.00 €'],
    ['a debt in an account', '-1234.5', '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', '$(1,234.50)'],
    ['30 hours', '1.25', '[h]:mm', '30:00'],
    ['a time of day', '0.75', 'h:mm', '18:00'],
    ['a day in whatever order', '45292', '[$-409]mmm d, yyyy', '2024-01-01'],
    ['a day and a colour that begins like one', '7', '[Magenta]0', '7'],
    ['an id longer than a double', '12345678901234567', 'General', '12345678901234567'],
    ['an id longer than a double, without a fraction', '12345678901234567', '#,##0', '12345678901234567'],
    ['what is no format', '7', '[[', '7'],
    ['a format that hides', '7', ';;;', 'end'],
  ])('shows a number as its cell does: %s', async (_, value, code, shown) => {
    const styled = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="${code.replaceAll('"', '&quot;')}"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`;
    const cells = `<row><c s="1"><v>${value}</v></c></row><row><c t="str"><v>end</v></c></row>`;
    const { text } = await read(xlsxOf([{ name: 'S', rows: cells }], { 'xl/styles.xml': styled }));
    expect(text.split('\n')[2]).toBe(shown);
  });

  it('shows a number as its cell does where the file names a format by its number', async () => {
    const styled = `<styleSheet><cellXfs>${[0, 46, 31, 44, 12].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`;
    const values = ['0.30000000000000004', '1.25', '45292', '-5', '1.5'];
    const cells = `<row>${values.map((value, style) => `<c s="${style}"><v>${value}</v></c>`).join('')}</row>`;
    const { text } = await read(xlsxOf([{ name: 'S', rows: cells }], { 'xl/styles.xml': styled }));
    expect(text).toBe('S\n\n0.3 | 30:00:00 | 2024-01-01 | $(5.00) | 1 1/2');
  });
});
