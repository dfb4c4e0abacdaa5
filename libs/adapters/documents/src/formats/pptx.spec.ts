import { describe, expect, it } from 'vitest';
import { pptxOf, relationshipsPart, slideShape } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

const cache = (kind: string, ...points: readonly string[]): string =>
  `<c:${kind}>${points.map((point, at) => `<c:pt idx="${at}"><c:v>${point}</c:v></c:pt>`).join('')}</c:${kind}>`;
const series = (name: string, categories: string, values: string): string =>
  `<c:ser><c:tx><c:strRef>${cache('strCache', name)}</c:strRef></c:tx>${categories}<c:val><c:numRef>${values}</c:numRef></c:val></c:ser>`;
const title = (text: string): string =>
  `<c:title><c:tx><c:rich><a:p><a:r><a:t>${text}</a:t></a:r></a:p></c:rich></c:tx></c:title>`;
const chartPart = (content: string): string =>
  `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart>${content}</c:chart></c:chartSpace>`;
const frame =
  '<p:graphicFrame><a:graphic><a:graphicData><c:chart xmlns:c="c" r:id="rId1"/></a:graphicData></a:graphic></p:graphicFrame>';

const withChart = (content: string): Promise<{ text: string }> =>
  read(
    pptxOf([slideShape('title', 'Sales') + frame], {
      'ppt/slides/_rels/slide1.xml.rels': relationshipsPart({ rId1: ['chart', '../charts/chart1.xml'] }),
      'ppt/charts/chart1.xml': chartPart(content),
    }),
  );

describe('charts in PowerPoint', () => {
  it('give their titles, and a line for each category with the values of all series', async () => {
    const quarters = `<c:cat><c:strRef>${cache('strCache', 'Q1', 'Q2')}</c:strRef></c:cat>`;
    const percent = '<c:numCache><c:formatCode>0%</c:formatCode>';
    const { text } = await withChart(
      title('Grain &amp; flour') +
        `<c:plotArea><c:barChart>${series('Grain', quarters, cache('numCache', '3.0000000000000004', '4'))}` +
        `${series('Share', quarters, cache('numCache', '0.25', '0.5').replace('<c:numCache>', percent))}</c:barChart>` +
        `<c:valAx>${title('Tons')}</c:valAx></c:plotArea>`,
    );
    expect(text).toBe('Sales\n\nGrain & flour\nTons\nQ1; Grain: 3; Share: 25%\nQ2; Grain: 4; Share: 50%');
  });

  it('may have series over values of their own, and categories of several levels', async () => {
    const years = `<c:cat><c:multiLvlStrRef><c:multiLvlStrCache><c:lvl><c:pt idx="0"><c:v>Q1</c:v></c:pt></c:lvl><c:lvl><c:pt idx="0"><c:v>2024</c:v></c:pt></c:lvl></c:multiLvlStrCache></c:multiLvlStrRef></c:cat>`;
    const dots = `<c:ser><c:tx><c:v>Dots</c:v></c:tx><c:xVal><c:numRef>${cache('numCache', '1', '2')}</c:numRef></c:xVal><c:yVal><c:numRef>${cache('numCache', '5', '6')}</c:numRef></c:yVal></c:ser>`;
    const { text } = await withChart(series('Bars', years, cache('numCache', '7')) + dots);
    expect(text).toBe('Sales\n\n2024 Q1; Bars: 7\n1; Dots: 5\n2; Dots: 6');
  });

  it('do not fill memory because a point says so', async () => {
    const far = series('A', '', '<c:numCache><c:pt idx="4000000000"><c:v>1</c:v></c:pt></c:numCache>');
    expect((await withChart(far)).text).toBe('Sales');
  });
});

describe('slides', () => {
  it('give the words of their diagrams', async () => {
    const diagram =
      '<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>Grain</a:t></a:r></a:p></dgm:t></dgm:pt><dgm:pt/></dgm:dataModel>';
    const { text } = await read(
      pptxOf(['<p:graphicFrame><dgm:relIds r:dm="rId1"/></p:graphicFrame>'], {
        'ppt/slides/_rels/slide1.xml.rels': relationshipsPart({
          rId1: ['diagramData', '../diagrams/data1.xml'],
        }),
        'ppt/diagrams/data1.xml': diagram,
      }),
    );
    expect(text).toBe('Grain');
  });

  it('give their equations on one line', async () => {
    const power = '<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>';
    const shape = `<p:sp><p:txBody><a:p><a:r><a:t>So </a:t></a:r><a14:m><m:oMath>${power}</m:oMath></a14:m></a:p></p:txBody></p:sp>`;
    expect((await read(pptxOf([shape]))).text).toBe('So x^2');
  });

  it('give their comments in the older and the newer form', async () => {
    const { text } = await read(
      pptxOf([slideShape('body', 'Wheel')], {
        'ppt/slides/_rels/slide1.xml.rels': relationshipsPart({
          rId1: ['comments', '../comments/comment1.xml'],
          rId2: ['comments', '../comments/modernComment1.xml'],
        }),
        'ppt/comments/comment1.xml': '<p:cmLst><p:cm><p:text>Is it oak?</p:text></p:cm></p:cmLst>',
        'ppt/comments/modernComment1.xml':
          '<p188:cmLst><p188:cm><p188:txBody><a:p><a:r><a:t>No.</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>',
      }),
    );
    expect(text).toBe('Wheel\n\nComment: Is it oak?\n\nComment: No.');
  });

  it('repeat what a table merges down over several rows, and say once what it merges across', async () => {
    const cell = (text: string, merged = ''): string =>
      `<a:tc ${merged}><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
    const rows = [
      cell('Wheel', 'gridSpan="2"') + cell('', 'hMerge="1"') + cell('Price'),
      cell('oak', 'rowSpan="2"') + cell('3 m') + cell('500'),
      cell('', 'vMerge="1"') + cell('2 m') + cell('300'),
    ];
    const table = `<a:tbl>${rows.map((row) => `<a:tr>${row}</a:tr>`).join('')}</a:tbl>`;
    const { text } = await read(pptxOf([`<p:graphicFrame>${table}</p:graphicFrame>`]));
    expect(text).toBe('Wheel |  | Price\noak | 3 m | 500\noak | 2 m | 300');
  });

  it('say a footer once', async () => {
    const slides = [
      slideShape('body', 'One') + slideShape('ftr', 'Mill Ltd'),
      slideShape('body', 'Two') + slideShape('ftr', 'Mill Ltd'),
    ];
    expect((await read(pptxOf(slides))).text).toBe('One\n\nMill Ltd\n\nTwo');
  });

  it('are left out when they are hidden, and counted', async () => {
    const [words, hidden] = ['The wheel turns the stone. '.repeat(8).trim(), slideShape('body', 'Secret')];
    const { text, chunks } = await read(
      pptxOf([hidden, slideShape('body', words)], {
        'ppt/slides/slide2.xml': `<p:sld xmlns:p="p" xmlns:a="a" show="0">${hidden}</p:sld>`,
      }),
    );
    expect(text).toBe(words);
    expect(chunks).toMatchObject([{ page: 2 }]);
  });
});
