import { describe, expect, it } from 'vitest';
import { xlsxOf } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

/** A sheet of these rows, whose cells begin in column A, with these ranges merged. */
async function textOf(rows: readonly string[], ...merged: readonly string[]): Promise<string> {
  const cells = (row: string, n: number): string =>
    row
      .split('|')
      .map((value, at) => (value ? `<c r="${'ABCDE'[at]}${n}" t="str"><v>${value}</v></c>` : ''))
      .join('');
  const xml = rows.map(
    (row, i) =>
      `<row r="${i + 1}"${row.startsWith('!') ? ' hidden="1"' : ''}>${cells(row.replace('!', ''), i + 1)}</row>`,
  );
  const ranges = merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  const sheet = `<worksheet><sheetData>${xml.join('')}</sheetData><mergeCells>${ranges}</mergeCells></worksheet>`;
  const { text } = await read(xlsxOf([{ name: 'S', rows: '' }], { 'xl/worksheets/sheet1.xml': sheet }));
  return text.slice('S\n\n'.length);
}

describe('merged cells of Excel', () => {
  it('are read in each row that they reach over', async () => {
    expect(
      await textOf(['Region|City|Sold', 'North|Kiel|3', '|Husum|4', '', '|Lund|5', 'South|Ulm|1'], 'A2:A5'),
    ).toBe(
      'Region: North; City: Kiel; Sold: 3\nRegion: North; City: Husum; Sold: 4\n' +
        'Region: North; City: Lund; Sold: 5\nRegion: South; City: Ulm; Sold: 1',
    );
  });

  it('are read where their first row is hidden', async () => {
    expect(await textOf(['Region|Sold', '!North|3', '|4', '|5'], 'A2:A4')).toBe(
      'Region: North; Sold: 4\nRegion: North; Sold: 5',
    );
  });

  it('are said once when they are long, and replace nothing', async () => {
    const long = 'very '.repeat(30).trim();
    expect(await textOf(['Note|Sold', `${long}|3`, '|4', 'own|5'], 'A2:A4')).toBe(
      `Note: ${long}; Sold: 3\nSold: 4\nNote: own; Sold: 5`,
    );
  });

  it('name the columns under them', async () => {
    const rows = ['Sales', 'Region|2024||2025|', '|Q1|Q2|Q1|Q2', 'North|1|2|3|4', 'South|5|6|7|8'];
    expect(await textOf(rows, 'A1:E1', 'A2:A3', 'B2:C2', 'D2:E2')).toBe(
      'Sales\nRegion: North; 2024 Q1: 1; 2024 Q2: 2; 2025 Q1: 3; 2025 Q2: 4\n' +
        'Region: South; 2024 Q1: 5; 2024 Q2: 6; 2025 Q1: 7; 2025 Q2: 8',
    );
  });

  it('name no columns where they are titles', async () => {
    const rows = ['Report||May', 'Name|Size|Sold', 'wheel|3|4', 'stone|1|2'];
    expect(await textOf(rows, 'A1:B1', 'C1:D1')).toContain('Report');
    expect(await textOf(rows, 'A1:B1', 'C1:D1')).not.toContain('Report Name');
  });

  it('fill no memory because they say so', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `a|${i}`);
    const ranges = Array.from({ length: 20_000 }, () => 'A1:XFD1048576');
    expect(await textOf(rows, ...ranges, 'B9', ':', 'B4:B2', '1:2')).toContain('a | 299');
  });
});
