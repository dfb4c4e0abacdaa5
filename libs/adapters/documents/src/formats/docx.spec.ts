import { describe, expect, it } from 'vitest';
import { docxOf, relationshipsPart, wordParagraph, zipOf } from '../testing/made-files.ts';
import { codeOf, read } from '../testing/read.ts';

const run = (text: string, properties = ''): string =>
  `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;
const paragraph = (content: string): string => `<w:p>${content}</w:p>`;
const table = (...rows: readonly (readonly string[])[]): string =>
  `<w:tbl>${rows.map((cells) => `<w:tr>${cells.map((cell) => `<w:tc>${cell}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`;
const words = (text: string): string => wordParagraph(text);

const w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"';

const textOf = async (body: string, extra: Parameters<typeof docxOf>[1] = {}): Promise<string> =>
  (await read(docxOf(body, extra))).text;

describe('text that Word keeps in wrappers', () => {
  it('is kept: results of simple fields, text in another direction, text under a phonetic guide', async () => {
    const field = `<w:fldSimple w:instr="DOCPROPERTY Client">${run('Mill &amp; Sons')}</w:fldSimple>`;
    const ruby = `<w:r><w:ruby><w:rt>${run('rei')}</w:rt><w:rubyBase>${run('例')}</w:rubyBase></w:ruby></w:r>`;
    expect(
      await textOf(paragraph(`${run('For ')}${field}${run(', ')}<w:bdo>${run('אבג')}</w:bdo> ${ruby}`)),
    ).toBe('For Mill & Sons, אבג例');
  });

  it('is kept when only new programs can read it, and not said twice', async () => {
    const box = (text: string): string =>
      `<w:drawing><wps:txbx><w:txbxContent>${words(text)}</w:txbxContent></wps:txbx></w:drawing>`;
    const choice = (text: string, fallback: string): string =>
      paragraph(
        `${run('before')}<w:r><mc:AlternateContent><mc:Choice Requires="wps">${box(text)}</mc:Choice>${fallback}</mc:AlternateContent></w:r>`,
      );
    const old =
      '<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>old form</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>';
    expect(await textOf(choice('alone', ''))).toBe('before\n\nalone');
    expect(await textOf(choice('with a picture', '<mc:Fallback><w:pict/></mc:Fallback>'))).toContain(
      'with a picture',
    );
    expect(await textOf(choice('new form', old))).not.toContain('new form');
  });
});

describe('forms in Word', () => {
  const box = (checked: string, shown: string, namespace = 'xmlns:w14="w14"'): string =>
    `<w:sdt><w:sdtPr><w14:checkbox ${namespace}>${checked}</w14:checkbox></w:sdtPr><w:sdtContent>${shown}</w:sdtContent></w:sdt>`;
  const field = (instruction: string, data: string, result = '', properties = ''): string =>
    `<w:r>${properties}<w:fldChar w:fldCharType="begin"><w:ffData>${data}</w:ffData></w:fldChar></w:r><w:r><w:instrText> ${instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${result}<w:r>${properties}<w:fldChar w:fldCharType="end"/></w:r>`;
  const legacyBox = (data: string): string => field('FORMCHECKBOX', `<w:checkBox>${data}</w:checkBox>`);
  const list = (chosen: string, result = ''): string =>
    field(
      'FORMDROPDOWN',
      `<w:ddList>${chosen}<w:listEntry w:val="Rye"/><w:listEntry w:val="Spelt &amp; oat"/></w:ddList>`,
      result,
    );

  it.each([
    ['a box that is checked', box('<w14:checked w14:val="1"/>', run('☒'))],
    ['a box as Word declares it', box('<w14:checked w14:val="1"/>', run('x'), w14)],
    [
      'a box shown by a symbol',
      box('<w14:checked/>', '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'),
    ],
    ['an older box', legacyBox('<w:default w:val="0"/><w:checked/>')],
    ['an older box checked by default', legacyBox('<w:default w:val="1"/>')],
  ])('show what is checked: %s', async (_, content) => {
    expect(await textOf(paragraph(content + run(' Organic')))).toBe('☒ Organic');
  });

  it.each([
    ['a box', box('<w14:checked w14:val="0"/>', run('☐'), w14)],
    ['an older box', legacyBox('<w:default w:val="1"/><w:checked w:val="0"/>')],
  ])('show what is not checked: %s', async (_, content) => {
    expect(await textOf(paragraph(content + run(' Organic')))).toBe('☐ Organic');
  });

  it.each([
    ['chosen', list('<w:result w:val="1"/><w:default w:val="0"/>'), 'Spelt & oat'],
    ['given by default', list('<w:default w:val="1"/>'), 'Spelt & oat'],
    ['the first', list(''), 'Rye'],
    ['said by the file as well', list('<w:result w:val="1"/>', run('Spelt')), 'Spelt'],
  ])('show the entry of a list: %s', async (_, content, shown) => {
    expect(await textOf(paragraph(run('Flour: ') + content))).toBe(`Flour: ${shown}`);
  });

  it('show text as it stands, and what is chosen inside a table inside a table', async () => {
    expect(await textOf(paragraph(field('FORMTEXT', '<w:textInput/>', run('Mill Lane'))))).toBe('Mill Lane');
    const inner = table([words('Rye'), paragraph(legacyBox('<w:checked/>'))]);
    const outer = table([words('Name'), words('Flour')], [words('Ann'), inner + '<w:p/>']);
    expect(await textOf(outer)).toBe('Name | Flour\nAnn | Rye: ☒');
  });

  it('show nothing that is hidden', async () => {
    const hidden = field('FORMCHECKBOX', '<w:checkBox/>', '', '<w:rPr><w:vanish/></w:rPr>');
    expect(await textOf(paragraph(run('a') + hidden))).toBe('a');
    const control = box('<w14:checked/>', run('☒', '<w:vanish/>'), w14);
    expect(await textOf(paragraph(run('a') + control))).toBe('a');
  });
});

describe('equations in Word', () => {
  const m = (name: string, content: string): string => `<m:${name}>${content}</m:${name}>`;
  const t = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`;
  it.each([
    ['a sum of letters', t('a+b'), 'a+b'],
    ['a fraction', m('f', m('num', t('a+b')) + m('den', t('2'))), '(a+b)/2'],
    ['a power', m('sSup', m('e', t('x')) + m('sup', t('2'))), 'x^2'],
    ['an index', m('sSub', m('e', t('x')) + m('sub', t('i+1'))), 'x_(i+1)'],
    [
      'a root',
      m('rad', '<m:radPr><m:degHide m:val="1"/></m:radPr>' + m('deg', '') + m('e', t('x+1'))),
      '√(x+1)',
    ],
    [
      'a sum over a range',
      m(
        'nary',
        '<m:naryPr><m:chr m:val="∑"/></m:naryPr>' + m('sub', t('i=1')) + m('sup', t('n')) + m('e', t('i')),
      ),
      '∑_(i=1)^n i',
    ],
    [
      'brackets',
      m('d', '<m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>' + m('e', t('a &lt; b'))),
      '[a < b]',
    ],
    ['a function', m('func', m('fName', t('sin')) + m('e', t('x'))), 'sin x'],
    [
      'a matrix',
      m('m', m('mr', m('e', t('1')) + m('e', t('2'))) + m('mr', m('e', t('3')) + m('e', t('4')))),
      '1, 2; 3, 4',
    ],
  ])('are written on one line: %s', async (_, equation, shown) => {
    expect(await textOf(paragraph(`${run('So')}<m:oMath>${equation}</m:oMath>${run('holds.')}`))).toBe(
      `So ${shown} holds.`,
    );
    expect(await textOf(paragraph(`<m:oMathPara><m:oMath>${equation}</m:oMath></m:oMathPara>`))).toBe(shown);
  });
});

describe('hidden text in Word', () => {
  const styles =
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:styleId="Secret"><w:basedOn w:val="Base"/></w:style></w:styles>';

  it('is left out, as Word shows it: runs, runs by their style, rows', async () => {
    const body = paragraph(
      run('a', '<w:vanish/>') +
        run('b', '<w:vanish w:val="0"/>') +
        run('c', '<w:rStyle w:val="Secret"/>') +
        run('d', '<w:rStyle w:val="Secret"/><w:vanish w:val="false"/>'),
    );
    const row = `<w:tr><w:trPr><w:hidden/></w:trPr><w:tc>${words('gone')}</w:tc></w:tr>`;
    expect(
      await textOf(body + `<w:tbl>${row}<w:tr><w:tc>${words('here')}</w:tc></w:tr></w:tbl>`, {
        'word/styles.xml': styles,
      }),
    ).toBe('bd\n\nhere');
  });

  it('may hold the ends of a field that is shown', async () => {
    const mark = (type: string): string =>
      `<w:r><w:rPr><w:vanish/></w:rPr><w:fldChar w:fldCharType="${type}"/></w:r>`;
    expect(await textOf(paragraph(`${mark('begin')}${mark('separate')}${run('shown')}${mark('end')}`))).toBe(
      'shown',
    );
  });
});

describe('tables inside tables in Word', () => {
  const inner = table([words('Size'), words('3 m')], [words('Weight'), words('4 kg')]);

  it('stay in the row they belong to', async () => {
    const outer = table([words('Name'), words('Details')], [words('wheel'), inner + '<w:p/>']);
    expect(await textOf(outer)).toBe('Name | Details\nwheel | Size: 3 m; Weight: 4 kg');
  });

  it('are read as tables where the outer one only places texts', async () => {
    const long = 'The wheel turns the stone. '.repeat(20).trim();
    const outer = table([words(long), table([words(long), words('b')]) + '<w:p/>'], [words('c'), words('d')]);
    expect(await textOf(outer)).toBe([long, `${long} | b`, 'c', 'd'].join('\n\n'));
    expect(await textOf(table([words('Box') + inner + '<w:p/>']))).toBe('Box\n\nSize | 3 m\nWeight | 4 kg');
  });
});

describe('merged cells in Word', () => {
  const cell = (text: string, properties = ''): string =>
    `<w:tc><w:tcPr>${properties}</w:tcPr>${words(text)}</w:tc>`;
  const rows = (...all: readonly string[]): string =>
    `<w:tbl>${all.map((each) => `<w:tr>${each}</w:tr>`).join('')}</w:tbl>`;
  const wide = '<w:gridSpan w:val="3"/>';
  const [first, next] = ['<w:hMerge w:val="restart"/>', '<w:hMerge/>'];

  it('are said once in their row', async () => {
    const dates = ['Born', '1815', 'Died', '1852'].map((text) => cell(text)).join('');
    const total = (again: string): string =>
      cell('Total', first) + cell(again, next) + cell('in all') + cell('7');
    expect(await textOf(rows(cell('Name') + cell('Ada', wide), dates, total(''), total('Total')))).toBe(
      'Name | Ada\nBorn | 1815 | Died | 1852\nTotal |  | in all | 7\nTotal |  | in all | 7',
    );
  });
});

describe('what stands around the text of a Word file', () => {
  const part = (root: string, content: string): string =>
    `<w:${root} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${content}</w:${root}>`;
  const related = (all: Parameters<typeof relationshipsPart>[0]): Record<string, string> => ({
    'word/_rels/document.xml.rels': relationshipsPart(all),
  });
  const field = (instruction: string, result: string): string =>
    `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> ${instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;

  it('is kept once: headers before the text, footers after it, without the numbers of pages', async () => {
    const sections =
      '<w:sectPr><w:headerReference r:id="rId1"/><w:headerReference r:id="rId2"/><w:footerReference r:id="rId3"/><w:footerReference r:id="rId4"/></w:sectPr>';
    const body = wordParagraph('The mill', 'Heading1') + words('Turns.') + sections;
    const document = await read(
      docxOf(body, {
        ...related({
          rId1: ['header', 'header1.xml'],
          rId2: ['header', 'header2.xml'],
          rId3: ['footer', 'footer1.xml'],
          rId4: ['footer', 'footer2.xml'],
        }),
        'word/header1.xml': part('hdr', words('Report Q4')),
        'word/header2.xml': part('hdr', words('Report Q4') + words('Draft')),
        'word/footer1.xml': part(
          'ftr',
          paragraph(run('Page ') + field('PAGE', '3') + run(' of ') + field('NUMPAGES', '9')),
        ),
        'word/footer2.xml': part('ftr', paragraph(run('Mill Ltd, confidential, page ') + field('PAGE', '3'))),
      }),
    );
    expect(document.text).toBe('Report Q4\nDraft\n\nThe mill\n\nTurns.\n\nMill Ltd, confidential, page');
    expect(document.title).toBe('The mill');
  });

  it('is kept: comments, with who says them about which words', async () => {
    const commented = `<w:commentRangeStart w:id="7"/>${run('the wheel')}<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>`;
    const comments = part(
      'comments',
      `<w:comment w:id="7" w:author="Ann">${words('Is it oak?')}</w:comment><w:comment w:id="8" w:author="Bob">${words('No.')}</w:comment>`,
    );
    const text = await textOf(paragraph(run('Here ') + commented + run(' turns.')), {
      ...related({ rId1: ['comments', 'comments.xml'] }),
      'word/comments.xml': comments,
    });
    expect(text).toBe(
      'Here the wheel turns.\n\nComment by Ann on “the wheel”: Is it oak?\nComment by Bob: No.',
    );
  });

  it('is kept: charts and diagrams, where they stand', async () => {
    const chart =
      '<c:chartSpace><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>Sold</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>Q1</c:v></c:pt><c:pt idx="1"><c:v>Q2</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>0.0</c:formatCode><c:pt idx="0"><c:v>2.5000000000000004</c:v></c:pt><c:pt idx="1"><c:v>3</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:chartSpace>';
    const diagram =
      '<dgm:dataModel><dgm:pt><dgm:t><a:p><a:r><a:t>Grain &amp; flour</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>';
    const drawing = (inside: string): string => paragraph(`<w:r><w:drawing>${inside}</w:drawing></w:r>`);
    const text = await textOf(
      words('before') +
        drawing('<c:chart r:id="rId1"/>') +
        drawing('<dgm:relIds r:dm="rId2"/>') +
        words('after'),
      {
        ...related({ rId1: ['chart', 'charts/chart1.xml'], rId2: ['diagramData', 'diagrams/data1.xml'] }),
        'word/charts/chart1.xml': chart,
        'word/diagrams/data1.xml': diagram,
      },
    );
    expect(text).toBe('before\n\nQ1; Sold: 2.5\nQ2; Sold: 3.0\n\nGrain & flour\n\nafter');
  });
});

describe('notes in Word', () => {
  it('stand at the end, without a link back', async () => {
    const note = `<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">${words('Of oak.')}</w:footnote></w:footnotes>`;
    const body = paragraph(run('A wheel') + '<w:r><w:footnoteReference w:id="2"/></w:r>');
    expect(await textOf(body, { 'word/footnotes.xml': note })).toBe('A wheel[1]\n\n1. Of oak.');
  });
});

describe('damage in a Word file', () => {
  const drawn = (picture: string): string =>
    `<w:r><w:drawing xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><a:graphic><a:graphicData><pic:pic><pic:blipFill>${picture}</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`;

  it.each([
    ['a footnote', '<w:r><w:footnoteReference w:id="9"/></w:r>'],
    ['an endnote', '<w:r><w:endnoteReference w:id="9"/></w:r>'],
    ['a comment', '<w:r><w:commentReference w:id="9"/></w:r>'],
    ['a picture', drawn('<a:blip r:embed="rId9"/>')],
    [
      'an older picture',
      '<w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId9"/></w:pict></w:r>',
    ],
    ['a link in a picture', drawn('<a:blip r:link="rId9"/>')],
  ])('is passed over when it is a reference to %s that is not there', async (_, reference) => {
    expect(await textOf(paragraph(run('A wheel') + reference) + words('turns.'))).toBe('A wheel\n\nturns.');
  });

  const namespaces =
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  const link = (attributes: string): string =>
    `<w:hyperlink ${namespaces} r:id="rId9" ${attributes}>${run('of oak')}</w:hyperlink>`;
  const note = (type: string, content: string): Record<string, string> => ({
    'word/footnotes.xml': `<w:footnotes ${namespaces}><w:footnote w:id="2" ${type}>${content}</w:footnote></w:footnotes>`,
  });
  const reference = paragraph(run('A wheel') + '<w:r><w:footnoteReference w:id="2"/></w:r>');

  it.each([
    ['a link', paragraph(run('A wheel ') + link('')), {}, 'A wheel of oak'],
    ['a link into a page', paragraph(run('A wheel ') + link('w:anchor="x"')), {}, 'A wheel of oak'],
    ['a link in a note', reference, note('', paragraph(link(''))), 'A wheel[1]\n\n1. of oak'],
    ['what separates notes', reference, note('w:type="separator"', words('x')), 'A wheel'],
  ])('leaves the words of what leads nowhere: %s', async (_, body, extra, shown) => {
    expect(await textOf(body, extra)).toBe(shown);
  });

  it.each([
    ['a style', '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="gone"/></w:abstractNum>', '0'],
    ['a kind', '', '7'],
    ['nothing', '', undefined],
  ])('leaves the words of a list that refers to %s that is not there', async (_, kinds, kind) => {
    const number = kind === undefined ? '' : `<w:abstractNumId w:val="${kind}"/>`;
    const numbering = `<w:numbering ${namespaces}>${kinds}<w:num w:numId="1">${number}</w:num></w:numbering>`;
    const item = (id: string): string =>
      paragraph(`<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="${id}"/></w:numPr></w:pPr>${run('oak')}`);
    expect(await textOf(item('1') + item('8'), { 'word/numbering.xml': numbering })).toBe('oak\n\noak');
  });

  it('is passed over when a relationship has no address', async () => {
    const relations = relationshipsPart({ rId1: ['comments', 'http://['] });
    expect(await textOf(words('oak'), { 'word/_rels/document.xml.rels': relations })).toBe('oak');
  });

  it('is told when there is no document inside', async () => {
    expect(await codeOf(read(zipOf({ 'word/document.xml': '<nothing/>' })))).toBe('unreadable_document');
  });
});
