import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  corePart,
  docxOf,
  pptxOf,
  relationshipsPart,
  slideShape,
  wordParagraph,
  xlsxOf,
  zipOf,
} from '../testing/made-files.ts';
import { codeOf, read } from '../testing/read.ts';

describe('Word', () => {
  it('gives headings by style, lists and tables', async () => {
    const cell = (text: string): string => `<w:tc>${wordParagraph(text)}</w:tc>`;
    const table = `<w:tbl><w:tr>${cell('Name')}${cell('Size')}</w:tr><w:tr>${cell('wheel')}${cell('3 m')}</w:tr></w:tbl>`;
    const document = await read(
      docxOf(wordParagraph('The mill', 'Heading1') + wordParagraph('Turns &amp; grinds.') + table),
    );
    expect(document.text).toBe('The mill\n\nTurns & grinds.\n\nName | Size\nwheel | 3 m');
    expect(document).toMatchObject({ title: 'The mill', parser: 'docx@5' });
  });

  it('takes the title from the properties, unless it is what programs write there', async () => {
    const body = wordParagraph('The mill', 'Heading1');
    expect((await read(docxOf(body, { 'docProps/core.xml': corePart('Annual report') }))).title).toBe(
      'Annual report',
    );
    expect(
      (await read(docxOf(body, { 'docProps/core.xml': corePart('Microsoft Word - a.doc') }))).title,
    ).toBe('The mill');
  });

  it('is known by its bytes, whatever it is called', async () => {
    const document = await read(docxOf(wordParagraph('Inside')), {
      filename: 'a.txt',
      mediaType: 'text/plain',
    });
    expect(document.parser).toBe('docx@5');
  });

  it('is refused with an entity bomb inside', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(10)}"><!ENTITY c "${'&b;'.repeat(10)}">]>`;
    expect(await codeOf(read(docxOf(wordParagraph('&c;'), {}, bomb)))).toBe('unreadable_document');
  });

  it('has no text with nothing but pictures', async () => {
    expect(await codeOf(read(docxOf('<w:p/>', { 'word/media/image1.png': Uint8Array.of(1, 2) })))).toBe(
      'no_text',
    );
  });
});

describe('PowerPoint', () => {
  it('gives slides in order as pages under their titles, with notes', async () => {
    const long = 'The wheel turns the stone. '.repeat(8);
    const document = await read(
      pptxOf(
        [
          slideShape('title', 'First') + slideShape(undefined, long, 'two') + slideShape('sldNum', '1'),
          slideShape('ctrTitle', 'Second') + slideShape('body', long),
        ],
        {
          'ppt/slides/_rels/slide1.xml.rels': relationshipsPart({
            rId1: ['notesSlide', '../notesSlides/notesSlide1.xml'],
          }),
          'ppt/notesSlides/notesSlide1.xml': `<p:notes xmlns:p="p" xmlns:a="a">${slideShape('body', 'Say hello')}${slideShape('sldNum', '2')}</p:notes>`,
        },
      ),
    );
    expect(document.text).toBe(`First\n\n${long.trim()}\ntwo\n\nSecond\n\n${long.trim()}\n\nSay hello`);
    expect(document.chunks.map(({ page }) => page)).toEqual([1, 2]);
    expect(document).toMatchObject({ title: 'First', parser: 'pptx@3' });
  });

  it('gives tables and says nothing twice for old readers', async () => {
    const row = (...cells: string[]): string =>
      `<a:tr>${cells.map((text) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`).join('')}</a:tr>`;
    const table = `<p:graphicFrame><a:tbl>${row('Name', 'Size')}${row('wheel', '3')}</a:tbl></p:graphicFrame>`;
    const twice = `<mc:AlternateContent><mc:Choice>${slideShape(undefined, 'new')}</mc:Choice><mc:Fallback>${slideShape(undefined, 'old')}</mc:Fallback></mc:AlternateContent>`;
    expect((await read(pptxOf([table + twice]))).text).toBe('Name | Size\nwheel | 3\n\nnew');
  });
});

describe('Excel', () => {
  const shared =
    '<sst><si><t>Name</t></si><si><r><t>Si</t></r><r><t>ze</t></r><rPh><t>no</t></rPh></si><si><t>Built</t></si></sst>';
  const styles =
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="20"/></cellXfs></styleSheet>';
  const rows = `<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="s"><v>2</v></c></row>
    <row><c r="A2" t="inlineStr"><is><t>wheel</t></is></c><c r="B2"><v>0.30000000000000004</v></c><c r="D2" s="1"><v>45292</v></c></row>
    <row/><row><c r="A3" t="str"><f>A2&amp;"!"</f><v>stone</v></c><c r="B3" t="b"><v>1</v></c><c r="D3" s="2"><v>45292.75</v></c></row>`;
  const book = (sheets: Parameters<typeof xlsxOf>[0]): Uint8Array =>
    xlsxOf(sheets, { 'xl/sharedStrings.xml': shared, 'xl/styles.xml': styles });

  it('gives each row with the names of its columns, under the name of its sheet', async () => {
    const document = await read(book([{ name: 'Parts', rows }]));
    expect(document.text).toBe(
      'Parts\n\nName: wheel; Size: 0.3; Built: 2024-01-01\nName: stone; Size: TRUE; Built: 2024-01-01 18:00:00',
    );
    expect(document.chunks).toMatchObject([{ page: 1 }]);
  });

  it('leaves hidden sheets out', async () => {
    const { text } = await read(
      book([
        { name: 'Shown', rows },
        { name: 'Secret', state: 'hidden', rows },
      ]),
    );
    expect(text).not.toContain('Secret');
  });

  it('reads tables that stand one under the other, with rows between them that are not there', async () => {
    const row = (number: number, ...cells: string[]) =>
      `<row r="${number}">${cells.map((cell) => `<c t="str"><v>${cell}</v></c>`).join('')}</row>`;
    const rows = [
      row(1, 'Fruit', 'Kg') + row(2, 'Apple', '3') + row(3, 'Pear', '4'),
      row(6, 'City', 'Pop', 'Area') + row(7, 'Rome', '3', '1285'),
    ];
    const { text } = await read(xlsxOf([{ name: 'Both', rows: rows.join('') }]));
    expect(text).toBe('Both\n\nFruit: Apple; Kg: 3\nFruit: Pear; Kg: 4\nCity: Rome; Pop: 3; Area: 1285');
  });

  it('does not fill a row with blanks because a reference says so', async () => {
    const far = '<row><c r="ZZZ1"><v>1</v></c><c r="A1"><v>7</v></c></row>';
    expect((await read(book([{ name: 'S', rows: far }]))).text).toBe('S\n\n7');
  });

  it('cannot be read without sheets', async () => {
    expect(await codeOf(read(zipOf({ 'xl/workbook.xml': '<workbook/>' })))).toBe('unreadable_document');
  });
});

describe('zip archives', () => {
  it('are refused when they are something else, or broken', async () => {
    expect(await codeOf(read(zipOf({ 'readme.txt': 'hello' }), { filename: 'a.docx' }))).toBe(
      'unsupported_format',
    );
    expect(await codeOf(read(Uint8Array.of(0x50, 0x4b, 3, 4, 9, 9, 9, 9)))).toBe('unreadable_document');
  });

  it('are refused before they are unpacked when they would expand too far', { timeout: 30_000 }, async () => {
    const zeros = new Uint8Array(17 * 1024 * 1024);
    const bomb = docxOf(wordParagraph('x'), { 'word/big.xml': zeros });
    expect(await codeOf(read(bomb, {}, zeros.length))).toBe('document_expands_too_far');
    expect(await codeOf(read(bomb))).toBe('document_expands_too_far');
    const small = docxOf(wordParagraph('x'), { 'word/big.xml': zeros.subarray(0, 1_000_000) });
    expect(await codeOf(read(small))).toBe('read');
  });

  it('cut a part off at the size they claim for it', async () => {
    const honest = docxOf(wordParagraph('x'), { 'word/zeros.xml': new Uint8Array(1_000_000) });
    const lying = Buffer.from(honest);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(1_000_000);
    for (let at = lying.indexOf(size); at >= 0; at = lying.indexOf(size, at + 4))
      lying.writeUInt32LE(1000, at);
    expect((await read(lying)).text).toBe('x');
  });

  it('may have names that point outside: nothing is written', async () => {
    const slip = docxOf(wordParagraph('x'), { '../../etc/evil.xml': '<a/>', '/abs.xml': '<a/>' });
    expect((await read(slip)).text).toBe('x');
  });
});

describe('files of other kinds', () => {
  const ole = Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Uint8Array(504)]);
  it.each([
    ['an old Word file', ole, 'unsupported_format'],
    [
      'an encrypted new one',
      Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]),
      'encrypted_document',
    ],
    [
      'a PNG',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]),
      'unsupported_format',
    ],
    ['an RTF', bytesOf('{\\rtf1 hello}'), 'unsupported_format'],
    ['a program', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), 'unsupported_format'],
  ])('are refused: %s', async (_, bytes, code) => {
    expect(await codeOf(read(bytes))).toBe(code);
  });

  it('are damaged when they are called an office file or a PDF and are not', async () => {
    for (const filename of ['a.docx', 'a.pdf', 'a.xlsx'])
      expect(await codeOf(read('just text', { filename }))).toBe('unreadable_document');
  });
});
