import { describe, expect, it } from 'vitest';
import { pptxOf, relationshipsPart, slideShape, xlsxOf } from '../testing/made-files.ts';
import { read } from '../testing/read.ts';

/** Relationships to parts that are not there, or are nowhere. */
const gone = relationshipsPart({
  rId1: ['comments', 'comments7.xml'],
  rId2: ['notesSlide', '../notesSlides/notesSlide7.xml'],
  rId3: ['drawing', '../drawings/drawing7.xml'],
  rId4: ['table', 'http://['],
  rId5: ['chart', '../charts/chart7.xml'],
});
const frames =
  '<p:graphicFrame><c:chart r:id="rId5"/></p:graphicFrame><p:graphicFrame><dgm:relIds r:dm="rId99"/></p:graphicFrame>';

describe('references to what is not there', () => {
  it('leave the rest of slides', async () => {
    const picture = '<p:pic><p:blipFill><a:blip r:embed="rId99"/></p:blipFill></p:pic>';
    const linked =
      '<p:sp><p:txBody><a:p><a:r><a:rPr><a:hlinkClick r:id="rId99"/></a:rPr><a:t>of oak</a:t></a:r></a:p></p:txBody></p:sp>';
    const shapes = slideShape('title', 'A wheel') + frames + picture + linked;
    const file = pptxOf([shapes], { 'ppt/slides/_rels/slide1.xml.rels': gone });
    expect((await read(file)).text).toBe('A wheel\n\nof oak');
  });

  it('leave the rest of sheets', async () => {
    const cells =
      '<c r="A1" t="s"><v>99</v></c><c r="B1" s="99"><v>2.5</v></c><c r="C1" t="s"><v>x</v></c><c r="D1" t="str"><v>oak</v></c>';
    const file = xlsxOf([{ name: 'S', rows: `<row>${cells}</row>` }], {
      'xl/worksheets/_rels/sheet1.xml.rels': gone,
      'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="999"/></cellXfs></styleSheet>',
    });
    expect((await read(file)).text).toBe('S\n\n2.5 | oak');
  });
});
