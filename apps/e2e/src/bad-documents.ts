import { zipSync, strToU8 } from 'fflate';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An office file with one part; real zips, so that only what they hold is wrong. */
const office = (parts: Record<string, string | Uint8Array>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(parts).map(([name, content]) => [
        name,
        typeof content === 'string' ? strToU8(content) : content,
      ]),
    ),
  );

const contentTypes =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';

/** 200 MB of zeros in 200 kB: over the 64 MB that the test's server allows. */
const zipBomb = (): Uint8Array =>
  office({ '[Content_Types].xml': contentTypes, 'word/document.xml': new Uint8Array(200 * 1024 * 1024) });

const encryptedPdf = bytes(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n' +
    `4 0 obj<</Filter/Standard/V 1/R 2/O <${'41'.repeat(32)}>/U <${'42'.repeat(32)}>/P -44>>endobj\n` +
    'trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<61><61>]>>\n%%EOF',
);

/** What, file name, bytes, and the codes it may end with. */
export const badDocuments = (): [string, string, Uint8Array, string[]][] => [
  ['an empty file', 'empty.txt', new Uint8Array(0), ['empty_document']],
  ['a file of blanks', 'blank.txt', bytes(' \n\t\n '), ['empty_document', 'no_text']],
  [
    'a binary file named .txt',
    'noise.txt',
    Uint8Array.from({ length: 4096 }, (_, n) => (n * 7919) % 256),
    ['unsupported_format', 'unreadable_document'],
  ],
  ['NUL bytes', 'nul.txt', bytes('a\0b\0c\0'.repeat(50)), ['unsupported_format', 'unreadable_document']],
  [
    'an image',
    'dot.png',
    Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]),
    ['unsupported_format', 'no_text'],
  ],
  [
    'a program',
    'tool.exe',
    Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0]),
    ['unsupported_format'],
  ],
  ['a PDF that is only its first line', 'cut.pdf', bytes('%PDF-1.7\n'), ['unreadable_document']],
  ['a PDF behind a password', 'locked.pdf', encryptedPdf, ['encrypted_document', 'unreadable_document']],
  [
    'a DOCX that is a broken zip',
    'broken.docx',
    Uint8Array.from([0x50, 0x4b, 3, 4, 9, 9, 9, 9]),
    ['unreadable_document'],
  ],
  [
    'a DOCX that is a zip of something else',
    'other.docx',
    office({ 'readme.txt': 'hello' }),
    ['unreadable_document', 'unsupported_format'],
  ],
  ['a zip bomb', 'bomb.docx', zipBomb(), ['document_expands_too_far']],
  [
    'an XLSX without sheets',
    'none.xlsx',
    office({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook/>' }),
    ['unreadable_document', 'no_text', 'unsupported_format'],
  ],
  ['JSON that is not JSON', 'data.json', bytes('{"a": '), ['unreadable_document']],
  [
    'HTML without a word',
    'page.html',
    bytes('<!doctype html><script>let a = 1</script>'),
    ['no_text', 'empty_document'],
  ],
  [
    'an e-mail without a body',
    'mail.eml',
    bytes('From: a@b\r\nTo: c@d\r\n\r\n'),
    ['no_text', 'empty_document'],
  ],
];
