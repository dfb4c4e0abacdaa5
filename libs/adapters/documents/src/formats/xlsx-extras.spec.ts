import { describe, expect, it } from 'vitest';
import { relationshipsPart, xlsxOf } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

describe('characters that XML cannot hold', () => {
  it('are read from what stands for them', async () => {
    const escaped = 'wheel_x000D_\nof_x0020_oak _x005F_x000D_';
    const cells = `<c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><v>${escaped}</v></c><c r="C1" t="inlineStr"><is><t>${escaped}</t></is></c>`;
    const { text } = await read(
      xlsxOf([{ name: 'S', rows: `<row>${cells}</row>` }], {
        'xl/sharedStrings.xml': `<sst><si><t>${escaped}</t></si></sst>`,
        'xl/worksheets/_rels/sheet1.xml.rels': relationshipsPart({ rId1: ['comments', '../comments1.xml'] }),
        'xl/comments1.xml': `<comments><comment ref="A1"><text><t>${escaped}</t></text></comment></comments>`,
      }),
    );
    const shown = 'wheel of oak _x000D_';
    expect(text).toBe(`S\n\n${[shown, shown, shown].join(' | ')}\n\nComment on A1: ${shown}`);
  });
});

describe('what lies on a sheet beside its cells', () => {
  const sheet = [{ name: 'S', rows: '<row><c r="A1" t="str"><v>wheel</v></c></row>' }];
  const related = (all: Parameters<typeof relationshipsPart>[0]): Record<string, string> => ({
    'xl/worksheets/_rels/sheet1.xml.rels': relationshipsPart(all),
  });

  it('is read: comments with their cells, threads once', async () => {
    const note = (cell: string, text: string): string =>
      `<comment ref="${cell}"><text><r><t>${text}</t></r></text></comment>`;
    const { text } = await read(
      xlsxOf(sheet, {
        ...related({
          rId1: ['comments', '../comments1.xml'],
          rId2: ['threadedComment', '../threads/thread1.xml'],
        }),
        'xl/comments1.xml': `<comments>${note('A1', 'Is it oak?')}${note('A2', '[Threaded comment] Your version')}</comments>`,
        'xl/threads/thread1.xml':
          '<ThreadedComments><threadedComment ref="A2"><text>No.</text></threadedComment></ThreadedComments>',
      }),
    );
    expect(text).toBe('S\n\nwheel\n\nComment on A2: No.\nComment on A1: Is it oak?');
  });

  it('is read: text boxes and charts', async () => {
    const drawing =
      '<xdr:wsDr><xdr:sp><xdr:txBody><a:p><a:r><a:t>Mind the </a:t></a:r><a:r><a:t>gap</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:graphicFrame><c:chart r:id="rId1"/></xdr:graphicFrame></xdr:wsDr>';
    const chart =
      '<c:chartSpace><c:title><c:rich><a:p><a:r><a:t>Sales</a:t></a:r></a:p><a:p><a:r><a:t>by year</a:t></a:r></a:p></c:rich></c:title></c:chartSpace>';
    const { text } = await read(
      xlsxOf(sheet, {
        ...related({ rId1: ['drawing', '../drawings/drawing1.xml'] }),
        'xl/drawings/drawing1.xml': drawing,
        'xl/drawings/_rels/drawing1.xml.rels': relationshipsPart({ rId1: ['chart', '../charts/chart1.xml'] }),
        'xl/charts/chart1.xml': chart,
      }),
    );
    expect(text).toBe('S\n\nwheel\n\nMind the gap\n\nSales by year');
  });
});
