import { describe, expect, it } from 'vitest';
import { relationshipsPart, xlsxOf } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

const cells = (...values: readonly string[]): string =>
  values.map((value, at) => `<c r="${'ABC'[at]}1" t="str"><v>${value}</v></c>`).join('');

/** A sheet part with these elements around its rows. */
const sheetOf = (rows: string, before = '', after = ''): Record<string, string> => ({
  'xl/worksheets/sheet1.xml': `<worksheet>${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
});

const textOf = async (extra: Record<string, string>): Promise<string> =>
  (await read(xlsxOf([{ name: 'S', rows: '' }], extra))).text;

const hiddenRow = `<row>${cells('shown')}</row><row hidden="1">${cells('secret')}</row>`;

describe('what is out of sight in Excel', () => {
  it('is left out when it is hidden by hand: rows and columns', async () => {
    expect(await textOf(sheetOf(hiddenRow))).toBe('S\n\nshown');
    const columns = '<cols><col min="2" max="2" hidden="1"/></cols>';
    expect(await textOf(sheetOf(`<row>${cells('a', 'secret', 'c')}</row>`, columns))).toBe('S\n\na | c');
  });

  it('is read when it is folded away', async () => {
    const folded = `<row>${cells('sum')}</row><row hidden="1" outlineLevel="1">${cells('part')}</row>`;
    expect(await textOf(sheetOf(folded))).toBe('S\n\nsum\npart');
    const columns = '<cols><col min="2" max="2" hidden="1" outlineLevel="1"/></cols>';
    expect(await textOf(sheetOf(`<row>${cells('a', 'b')}</row>`, columns))).toBe('S\n\na | b');
  });

  it('is read when a filter keeps it back, in the sheet or in a table on it', async () => {
    const filter = '<autoFilter ref="A1:A2"><filterColumn colId="0"/></autoFilter>';
    expect(await textOf(sheetOf(hiddenRow, '', filter))).toBe('S\n\nshown\nsecret');
    const table = {
      'xl/worksheets/_rels/sheet1.xml.rels': relationshipsPart({ rId1: ['table', '../tables/table1.xml'] }),
      'xl/tables/table1.xml': `<table>${filter}</table>`,
    };
    expect(await textOf({ ...sheetOf(hiddenRow), ...table })).toBe('S\n\nshown\nsecret');
  });
});
