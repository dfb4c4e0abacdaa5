import { createHash } from 'node:crypto';

/** Text at a place of a page: size and position in points. */
export interface Drawn {
  readonly text: string;
  readonly size: number;
  readonly x: number;
  readonly y: number;
}

/** A PDF in Helvetica with these pages, some of them `damaged`; `trailer` adds entries, `info` a title. */
export function pdfOf(
  pages: readonly (readonly Drawn[])[],
  title?: string,
  trailer = '',
  damaged: readonly number[] = [],
  damage = damagedStream,
): Uint8Array {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((_, i) => `${5 + i * 2} 0 R`).join(' ')}]>>`,
    helvetica,
    `<<${title ? `/Title(${title})` : ''}>>`,
    ...pages.flatMap((drawn, i) => [
      pageOf(`/Resources<</Font<</F1 3 0 R>>>>/Contents ${6 + i * 2} 0 R`),
      damaged.includes(i + 1) ? damage : stream(drawn.map(shown).join('\n')),
    ]),
  ];
  return fileOf(objects, `/Info 4 0 R${trailer}`);
}

/** A PDF of a page for each of these objects, which say what it draws; behind them `more` objects, of 4 + 2 × pages on. */
export function contentsPdfOf(contents: readonly string[], more: readonly string[] = []): Uint8Array {
  const first = 4 + contents.length;
  return fileOf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${contents.length}/Kids[${contents.map((_, i) => `${4 + i} 0 R`).join(' ')}]>>`,
    helvetica,
    ...contents.map((_, i) => pageOf(`/Resources<</Font<</F1 3 0 R>>>>/Contents ${first + i} 0 R`)),
    ...contents,
    ...more,
  ]);
}

/** A PDF of a page that draws this packed content, encrypted so that it opens without a password. */
export function encryptedPdfOf(packed: Uint8Array, damage: (encrypted: Buffer) => Buffer): Uint8Array {
  const owner = Buffer.alloc(32, 'A');
  const key = md5(noPassword, owner, Buffer.from([0xd4, 0xff, 0xff, 0xff]), Buffer.from('a')).subarray(0, 5);
  const ofContent = md5(key, Buffer.from([4, 0, 0, 0, 0])).subarray(0, 10);
  const user = rc4(key, noPassword).toString('hex');
  return fileOf(
    [
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Count 1/Kids[5 0 R]>>',
      helvetica,
      packedStream(damage(rc4(ofContent, packed))),
      pageOf('/Resources<</Font<</F1 3 0 R>>>>/Contents 4 0 R'),
    ],
    `/Encrypt<</Filter/Standard/V 1/R 2/O<${owner.toString('hex')}>/U<${user}>/P -44>>/ID[<61><61>]`,
  );
}

const noPassword = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

const md5 = (...parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();

function rc4(key: Buffer, data: Uint8Array): Buffer {
  const state = Array.from({ length: 256 }, (_, i) => i);
  const swap = (i: number, j: number): void => void ([state[i], state[j]] = [state[j]!, state[i]!]);
  for (let i = 0, j = 0; i < 256; i++) swap(i, (j = (j + state[i]! + key[i % key.length]!) % 256));
  let [i, j] = [0, 0];
  return Buffer.from(data).map((byte) => {
    i = (i + 1) % 256;
    swap(i, (j = (j + state[i]!) % 256));
    return byte ^ state[(state[i]! + state[j]!) % 256]!;
  }) as Buffer;
}

/** A stream of packed bytes. */
export const packedStream = (packed: Uint8Array): string =>
  stream(Buffer.from(packed).toString('latin1'), '/Filter/FlateDecode');

/** A page with this text and these annotations, each the entries of its dictionary. */
export function formPdfOf(drawn: readonly Drawn[], annotations: readonly string[]): Uint8Array {
  const references = annotations.map((_, i) => `${6 + i} 0 R`).join(' ');
  return fileOf([
    `<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[${references}]>>>>`,
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    pageOf(`/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[${references}]`),
    stream(drawn.map(shown).join('\n')),
    helvetica,
    ...annotations.map((entries) => `<</Type/Annot${entries}>>`),
  ]);
}

/** A page that shows this text in a font of 65,536 characters that is not embedded and named by its maker's map. */
export function cjkPdfOf(text: string, map: string, collection: string): Uint8Array {
  const codes = [...text].map((char) => char.charCodeAt(0).toString(16).padStart(4, '0')).join('');
  return fileOf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    pageOf('/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R'),
    stream(`BT /F1 20 Tf 50 700 Td <${codes}> Tj ET`),
    `<</Type/Font/Subtype/Type0/BaseFont/Minchou/Encoding/${map}/DescendantFonts[6 0 R]>>`,
    `<</Type/Font/Subtype/CIDFontType0/BaseFont/Minchou/FontDescriptor 7 0 R/CIDSystemInfo<</Registry(Adobe)/Ordering(${collection})/Supplement 2>>>>`,
    '<</Type/FontDescriptor/FontName/Minchou/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200/StemV 80>>',
  ]);
}

const helvetica = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';

const shown = ({ text, size, x, y }: Drawn): string => `BT /F1 ${size} Tf ${x} ${y} Td (${text}) Tj ET`;

const pageOf = (entries: string): string => `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]${entries}>>`;

export const stream = (content: string, entries = ''): string =>
  `<</Length ${content.length}${entries}>>\nstream\n${content}\nendstream`;

/** Begins as packed data does, and goes on with a block of a kind that there is not. */
const damagedStream = stream('x\u0001\u0007', '/Filter/FlateDecode');

/** Does not begin as packed data does. */
export const unknownStream = stream('no packed data', '/Filter/FlateDecode');

/** Objects numbered from 1, the first of them the catalogue, with their table. */
function fileOf(objects: readonly string[], trailer = ''): Uint8Array {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  file += `trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(file, 'latin1'));
}
