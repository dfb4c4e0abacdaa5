import { describe, expect, it } from 'vitest';
import { relationshipsPart, xlsxOf } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

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
