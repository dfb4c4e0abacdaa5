import { deflateSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { bytesOf } from '../testing/made-files.ts';
import {
  cjkPdfOf,
  contentsPdfOf,
  encryptedPdfOf,
  formPdfOf,
  packedStream,
  pdfOf,
  unknownStream,
  type Drawn,
} from '../testing/made-pdf.ts';
import { codeOf, read } from '../testing/read.ts';
import { readPdf } from './pdf.ts';

const limits = { maxExpandedBytes: 1e8, maxTextChars: 1e6 };
const lines = (y: number, ...texts: readonly string[]): Drawn[] =>
  texts.map((text, i) => ({ text, size: 10, x: 50, y: y - i * 12 }));

describe('PDF', () => {
  it('puts lines together to paragraphs, mends hyphens and knows headings and pages', async () => {
    const document = await read(
      pdfOf([
        [
          { text: 'The mill', size: 20, x: 50, y: 750 },
          ...lines(700, 'A wheel turns the mill-', 'stone all day.'),
          ...lines(650, 'Another paragraph.'),
        ],
        [...lines(700, 'On the second page.')],
      ]),
    );
    expect(document.text.split('\n\n')).toEqual([
      'The mill',
      'A wheel turns the millstone all day.',
      'Another paragraph.',
      'On the second page.',
    ]);
    expect(document).toMatchObject({ title: 'The mill', mediaType: 'application/pdf', parser: 'pdf@6' });
    expect(document.chunks[0]).toMatchObject({ page: 1, headings: [] });
  });

  it('keeps heads and feet that run through its pages once, where they come first', async () => {
    const page = (n: number): Drawn[] => [
      ...lines(780, 'Report on mills', 'by a miller'),
      ...lines(700, `Page text number ${'abcd'[n] ?? ''} is here.`, 'It goes on.', 'And on.'),
      ...lines(600, 'A last paragraph.', `Really last ${'wxyz'[n] ?? ''}.`),
      ...lines(20, `Page ${n + 1} of 4`),
    ];
    const { text } = await read(pdfOf([page(0), page(1), page(2), page(3)]));
    expect(text.match(/Report on mills\nby a miller|Page \d of \d/g)).toEqual([
      'Report on mills\nby a miller',
      'Page 1 of 4',
    ]);
    expect(text.match(/Page text number/g)).toHaveLength(4);
  });

  it.each([
    ['by themselves', (n: number) => lines(20, `- ${n + 56} -`)],
    ['with a word for pages', (n: number) => lines(20, `Mill Review 12 (1998), S. ${n + 56}`)],
    ['before their total', (n: number) => lines(20, `Mills ${n + 1}/4`)],
    [
      'far from the rest of the line',
      (n: number) => [...lines(20, 'Mill Review'), { text: `${n + 1}`, size: 10, x: 500, y: 20 }],
    ],
  ])('knows the numbers of pages %s', async (_, foot) => {
    const pages = [0, 1, 2, 3].map((n) => [...lines(600, `Text ${'abcd'[n] ?? ''}.`), ...foot(n)]);
    const { text } = await read(pdfOf(pages));
    const first = foot(0)
      .map(({ text }) => text)
      .join(' ');
    expect(text).toBe(`Text a.\n\n${first}\n\nText b.\n\nText c.\n\nText d.`);
  });

  it('knows the numbers of pages that might be years by those of the others', async () => {
    const pages = [0, 1, 2, 3, 4].map((n) => [
      ...lines(600, `Text ${'abcde'[n] ?? ''}.`),
      ...lines(20, `${1797 + n}`),
    ]);
    expect((await read(pdfOf(pages))).text.match(/\d+/g)).toEqual(['1797']);
  });

  it('drops no row of a table that runs through its pages, and keeps the names of its columns', async () => {
    const row = (n: number): string => `2024-${10 + (n % 3)}-${10 + (n % 19)} ${1000 + n}.10 ${n * 3}.50 0`;
    const rows = Array.from({ length: 32 }, (_, n) => row(n));
    const pages = [0, 1, 2, 3].map((page) =>
      lines(700, 'Day In Out Rest', ...rows.slice(page * 8, page * 8 + 8)),
    );
    const { text } = await read(pdfOf(pages));
    expect(text.split(/\n+| (?=2024)/)).toEqual(['Day In Out Rest', ...rows]);
  });

  it('keeps a second line that belongs to the text below it', async () => {
    const pages = [0, 1, 2, 3].map((n) => [
      ...lines(780, 'The Mill Company'),
      ...lines(700, 'Dear customer,', `your flour is ground ${'abcd'[n] ?? ''}.`, 'Yours.'),
    ]);
    const { text } = await read(pdfOf(pages));
    expect(text.match(/Dear customer/g)).toHaveLength(4);
    expect(text.match(/Mill Company/g)).toHaveLength(1);
  });

  it.each([
    ['stand at other heights', (n: number) => lines(780 - n * 5, 'Same words')],
    ['differ in more than a number', (n: number) => lines(780, `Item ${n} costs ${n}`)],
    ['count otherwise than pages do', (n: number) => lines(780, `Item ${n * n}`)],
    ['count things one by one', (n: number) => lines(780, `Item no. ${1001 + n}`)],
    [
      'count things far from their name',
      (n: number) => [...lines(780, 'Item'), { text: `${1001 + n}`, size: 10, x: 500, y: 780 }],
    ],
    ['are years, one a page', (n: number) => lines(780, `${2019 + n}`)],
    ['are the same year', () => lines(780, '2024')],
    ['are numbered with zeros', (n: number) => lines(780, `000${n + 1}`)],
    ['count things of a total that is not that of pages', (n: number) => lines(780, `Item ${n + 1} of 9`)],
    ['are dates', (n: number) => lines(780, `Of 2024-03-1${n}`)],
  ])('keeps lines at the edges of pages that %s', async (_, edge) => {
    const { text } = await read(
      pdfOf([0, 1, 2, 3].map((n) => [...edge(n), ...lines(600, `Text ${'abcd'[n] ?? ''}.`)])),
    );
    const kept = text.split('\n\n').filter((paragraph) => !paragraph.startsWith('Text'));
    expect(kept).toEqual(
      [0, 1, 2, 3].map((n) =>
        edge(n)
          .map(({ text }) => text)
          .join(' '),
      ),
    );
  });

  it('tells powers from digits', async () => {
    const drawn = [
      { text: '6 x 10', size: 10, x: 50, y: 700 },
      { text: '23', size: 6, x: 77.3, y: 704 },
      { text: 'atoms', size: 10, x: 87, y: 700 },
    ];
    expect((await read(pdfOf([drawn]))).text).toBe('6 x 10^23 atoms');
  });

  it('puts columns that are drawn across one after another', async () => {
    const left = [
      'The wheel turns all day long',
      'and the stone with it, until',
      'the water is low and tired,',
      'as the miller has been since',
      'he came here to grind wheat.',
    ];
    const right = [
      'Flour is heavy to carry away',
      'when the road is wet, but no',
      'horse was ever heard to say',
      'so, and they walk on through',
      'mud to where the bread is made.',
    ];
    const drawn = left.flatMap((text, i) => [
      { text, size: 10, x: 50, y: 700 - i * 12 },
      { text: right[i] ?? '', size: 10, x: 320, y: 700 - i * 12 },
    ]);
    const { text } = await read(pdfOf([drawn]));
    expect(text).toBe(`${left.join('\n')}\n\n${right.join('\n')}`);
  });

  it('takes the title from its properties', async () => {
    expect((await read(pdfOf([lines(700, 'Text')], 'On mills'))).title).toBe('On mills');
  });

  it.each([
    ['Japanese', '水車が石を回す', 'UniJIS-UCS2-H', 'Japan1'],
    ['Chinese', '水车转动石头', 'UniGB-UCS2-H', 'GB1'],
    ['Korean', '물레방아가 돈다', 'UniKS-UCS2-H', 'Korea1'],
  ])('is read in %s fonts that are not in the file', async (_, text, map, collection) => {
    expect((await read(cjkPdfOf(text, map, collection))).text).toBe(text);
  });

  describe('with a form', () => {
    /** A form of one field after another, downwards. */
    const filledIn = async (...fields: readonly string[]): Promise<string[]> => {
      const widgets = fields.map(
        (entries, i) => `/Subtype/Widget/Rect[50 ${600 - i * 20} 200 ${615 - i * 20}]${entries}`,
      );
      const { text } = await read(formPdfOf(lines(700, 'Form'), widgets));
      return text.split('\n\n').slice(1).join('\n\n').split('\n');
    };
    const appearance = '/AP<</N<</Yes null/Off null>>>>';

    it.each([
      ['text', '/FT/Tx/T(city)/V(Kiel)', 'city: Kiel'],
      ['text with a name for people', '/FT/Tx/T(f1_01)/TU(Your city:)/V(Kiel)', 'Your city: Kiel'],
      ['text in a group of fields', '/FT/Tx/T(form[0].Street[0])/V(Mill Lane 3)', 'Street: Mill Lane 3'],
      ['what a list shows', '/FT/Ch/T(flour)/Opt[[(1)(Rye)][(2)(Spelt)]]/V(2)', 'flour: Spelt'],
      [
        'several of a list',
        '/FT/Ch/Ff 2097152/T(flour)/Opt[(Rye)(Oat)(Spelt)]/V[(Rye)(Spelt)]',
        'flour: Rye, Spelt',
      ],
      ['a checked box', `/FT/Btn/T(organic)/V/Yes/AS/Yes${appearance}`, 'organic: Yes'],
      ['a chosen button', `/FT/Btn/Ff 32768/T(grind)/V/Yes/AS/Yes${appearance}`, 'grind: Yes'],
    ])('has its values: %s', async (_, entries, shown) => {
      expect(await filledIn(entries)).toEqual([shown]);
    });

    it.each([
      ['empty', '/FT/Tx/T(city)/V()'],
      ['not checked', `/FT/Btn/T(organic)/V/Off/AS/Off${appearance}`],
      ['hidden', '/F 2/FT/Tx/T(sum)/V(0)'],
      ['a password', '/Ff 8192/FT/Tx/T(key)/V(secret)'],
      ['what presses', '/FT/Btn/Ff 65536/T(reset)/V(x)'],
    ])('has nothing of a field that is %s', async (_, entries) => {
      expect(await filledIn(entries)).toEqual(['']);
    });

    it('has its values, the text laid over it and comments from the top, on their page', async () => {
      const bytes = formPdfOf(lines(700, 'Form'), [
        '/Subtype/Widget/Rect[50 500 200 515]/FT/Tx/T(city)/V(Kiel)',
        '/Subtype/FreeText/Rect[50 600 200 615]/Contents(Paid)/DA(/F1 10 Tf)',
        '/Subtype/Text/Rect[50 650 200 665]/Contents(Who paid?)/T(Mara)',
        '/Subtype/Popup/Rect[50 640 200 665]/Contents(Who paid?)',
        '/Subtype/Highlight/Rect[50 630 200 665]/QuadPoints[50 640 200 640 50 630 200 630]/Contents()',
      ]);
      const { text, blocks } = await readPdf({ bytes }, { limits });
      expect(blocks.map(({ start, end, page }) => [page, text.slice(start, end)])).toEqual([
        [1, 'Form'],
        [1, 'Comment by Mara: Who paid?\nPaid\ncity: Kiel'],
      ]);
    });
  });

  it('tells the page and place of each paragraph', async () => {
    const { text, blocks } = await readPdf(
      { bytes: pdfOf([[...lines(700, 'One.'), ...lines(600, 'Two.')], [], lines(700, 'Three.')]) },
      { limits },
    );
    expect(blocks.map(({ start, end, page }) => [page, text.slice(start, end)])).toEqual([
      [1, 'One.'],
      [1, 'Two.'],
      [3, 'Three.'],
    ]);
  });

  it.each([
    ['what a printer is told', '\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n'],
    ['what an upload leaves', `--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n`],
    ['a thousand bytes', `${'junk '.repeat(200)}\n`],
    ['bytes of zero', '\0'.repeat(128)],
  ])('is read behind %s', async (_, before) => {
    const bytes = Buffer.concat([bytesOf(before), pdfOf([lines(700, 'A mill.')])]);
    expect(await read(bytes)).toMatchObject({ text: 'A mill.', mediaType: 'application/pdf' });
  });

  it('has no text when nothing is drawn', async () => {
    expect(await codeOf(read(pdfOf([[]])))).toBe('no_text');
  });

  it('is refused behind a password', async () => {
    const encrypt = `/Encrypt<</Filter/Standard/V 1/R 2/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>/P -44>>/ID[<61><61>]`;
    expect(await codeOf(read(pdfOf([lines(700, 'Text')], undefined, encrypt)))).toBe('encrypted_document');
  });

  it('is refused when it is only its first line', async () => {
    expect(await codeOf(read(bytesOf('%PDF-1.7\n')))).toBe('unreadable_document');
  });

  it('tells which pages are damaged and reads the others', async () => {
    const pages = ['One.', 'Two.', 'Three.'].map((text) => lines(700, text));
    const { text, chunks } = await read(pdfOf(pages, undefined, '', [2]));
    expect(text).toBe('One.\n\nPage 2 (not read: damaged)\n\nThree.');
    expect(chunks).toMatchObject([{ page: 1 }]);
  });

  it('tells of a page that cannot be unpacked at all, and of none that is empty', async () => {
    const pages = [lines(700, 'One.'), lines(700, 'Two.'), lines(700, 'Three.')];
    const { text } = await read(pdfOf(pages, undefined, '', [2], unknownStream));
    expect(text).toBe('One.\n\nPage 2 (not read: damaged)\n\nThree.');
    expect((await read(pdfOf([lines(700, 'One.'), []]))).text).toBe('One.');
  });

  it.each([
    ['nothing', 25, 'One.\n\nPage 2 (not read: damaged)'],
    ['a part', 45, 'One.\n\nKept.\n\nPage 2 (read in part: damaged)'],
  ])('tells the page that damage leaves %s of, and none that is blank', async (_, length, shown) => {
    const cut = deflateSync('BT /F1 12 Tf 50 700 Td (Kept.) Tj 0 -15 Td (Lost.) Tj ET', { level: 0 });
    const contents = [deflateSync('BT /F1 12 Tf 50 700 Td (One.) Tj ET'), cut.subarray(0, length)];
    const file = contentsPdfOf([...contents, deflateSync('')].map(packedStream));
    expect((await read(file)).text).toBe(shown);
  });

  it('tells of damage in what is encrypted, and of none that is whole', async () => {
    const packed = deflateSync('BT /F1 12 Tf 50 700 Td (Kept.) Tj 0 -15 Td (Lost.) Tj ET', { level: 0 });
    const said = vi.spyOn(console, 'warn');
    const garbled = encryptedPdfOf(packed, (bytes) => bytes.fill(7, 45, 60));
    expect((await read(garbled)).text).toBe('Kept.\n\nPage 1 (read in part: damaged)');
    expect((await read(encryptedPdfOf(packed, (bytes) => bytes))).text).toBe('Kept.\nLost.');
    expect(said).not.toHaveBeenCalled();
  });

  it('is unreadable where no page can be unpacked, and has no text where pages are empty', async () => {
    expect(await codeOf(read(pdfOf([[], []], undefined, '', [1, 2], unknownStream)))).toBe(
      'unreadable_document',
    );
    expect(await codeOf(read(pdfOf([[], []])))).toBe('no_text');
  });

  it('is unreadable, not without text, where damage leaves nothing', async () => {
    const pages = ['One.', 'Two.'].map((text) => lines(700, text));
    expect(await codeOf(read(pdfOf(pages, undefined, '', [1, 2])))).toBe('unreadable_document');
  });
});
