import { describe, expect, it } from 'vitest';
import { codeOf, read } from '../testing/read.ts';

const utf16 = (text: string, mark: boolean, bigEndian = false): Uint8Array => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
};

describe('plain text', () => {
  it('is kept exactly, cut at blank lines', async () => {
    const text = 'First line\r\ngoes on.\r\n\r\n  Second\tparagraph.\n\n\n';
    const document = await read(text, { filename: 'notes.txt' });
    expect(document).toMatchObject({ text, mediaType: 'text/plain', parser: 'text@3', title: undefined });
    expect(document.chunks).toEqual([
      expect.objectContaining({ start: 0, end: 43, text: text.trimEnd(), headings: [], ordinal: 0 }),
    ]);
  });

  it.each([
    ['UTF-8', Buffer.from('Żółta łódka')],
    ['UTF-8 with mark', Buffer.from('\ufeffŻółta łódka')],
    ['UTF-16 little endian with mark', utf16('Żółta łódka', true)],
    ['UTF-16 big endian with mark', utf16('Żółta łódka', true, true)],
  ])('is read in %s', async (_, bytes) => {
    expect((await read(bytes)).text).toBe('Żółta łódka');
  });

  it('is read in UTF-16 without mark', async () => {
    for (const bigEndian of [false, true])
      expect((await read(utf16('A millrace turns wheels', false, bigEndian))).text).toBe(
        'A millrace turns wheels',
      );
  });

  it('is read as Windows-1252 when it is not UTF-8, or in the charset the sender names', async () => {
    expect((await read(Buffer.from('caf\u00e9 \u0080 5', 'latin1'))).text).toBe('café € 5');
    const polish = Uint8Array.from([0xbf, 0xf3, 0xb3, 0x77]);
    expect((await read(polish, { mediaType: 'text/plain; charset=iso-8859-2' })).text).toBe('żółw');
  });

  const broken = (text: string, charset?: string): Promise<string> =>
    read(Buffer.concat([Buffer.from(text), Buffer.of(0xff)]), {
      mediaType: `text/plain${charset ? `; charset=${charset}` : ''}`,
    }).then((document) => document.text);

  it('stays UTF-8 with a byte that is not, and Windows-1252 with a few that look like it', async () => {
    expect(await broken('Żółta łódka')).toBe('Żółta łódka\ufffd');
    expect(await broken('é', 'utf-8')).toBe('é\ufffd');
    expect(await broken('é')).toBe('Ã©ÿ');
    const french = Buffer.from('\u00ab CAF\u00c9\u0085 \u00bb, l\u00e0', 'latin1');
    for (const charset of ['utf-8', 'windows-1252'])
      expect((await read(french, { mediaType: `text/plain; charset=${charset}` })).text).toBe(
        '« CAFÉ… », là',
      );
  });

  it('keeps to a charset by name with a byte that is not in it, and is UTF-8 where the name is wrong', async () => {
    const japanese = Uint8Array.from([0x90, 0x85, 0x8e, 0xd4, 0xff]);
    expect((await read(japanese, { mediaType: 'text/plain; charset=shift_jis' })).text).toBe('水車\ufffd');
    const utf8 = Buffer.from('水車の石');
    expect((await read(utf8, { mediaType: 'text/plain; charset=shift_jis' })).text).toBe('水車の石');
  });

  it('is empty when it has nothing but white space', async () => {
    for (const blank of ['', ' \n\t\n ']) expect(await codeOf(read(blank))).toBe('empty_document');
  });

  it.each([
    ['NUL bytes', Buffer.from('a\0b\0c\0'.repeat(50))],
    ['noise', Uint8Array.from({ length: 4096 }, (_, n) => (n * 7919) % 256)],
    ['control characters', Buffer.from('\x01\x02\x03\x04text')],
  ])('is not %s', async (_, bytes) => {
    expect(await codeOf(read(bytes, { filename: 'a.txt' }))).toBe('unsupported_format');
  });
});

describe('source code', () => {
  it('is kept exactly, functions together', async () => {
    const text = 'const a = 1;\n\nfunction f() {\n  return a;\n}\n';
    expect(await read(text, { filename: 'x.ts' })).toMatchObject({ text, parser: 'code@3' });
  });
});

describe('AsciiDoc', () => {
  it('is kept exactly, with its headings known', async () => {
    const text = '= The Mill\n\nIntro.\n\n== Wheel\nTurns.\n';
    const { title, chunks, text: kept } = await read(text, { filename: 'mill.adoc' });
    expect({ title, kept }).toEqual({ title: 'The Mill', kept: text });
    expect(chunks.map(({ headings }) => headings)).toEqual([[]]);
  });
});
