import { constants, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentsPdfOf, packedStream, stream } from '../testing/made-pdf.ts';
import { contentCheck } from './damaged-content.ts';

const packed = deflateSync('BT /F1 12 Tf 50 700 Td (A mill of words and wheels) Tj ET');
const garbled = Buffer.from(packed.map((byte, i) => (i >= 30 && i < 34 ? byte ^ 0xff : byte)));
const sound = packedStream(packed);
const damaged = packedStream(garbled);
const flushed = deflateSync('words', { finishFlush: constants.Z_SYNC_FLUSH });
const wrongSum = Buffer.concat([packed.subarray(0, -4), Buffer.from('none')]);

/** What is said of a file whose pages draw these; the first of them is object 4. */
function damageOf(contents: readonly string[], more?: readonly string[]): boolean[] {
  const isDamaged = contentCheck(contentsPdfOf(contents, more));
  return contents.map((_, i) => isDamaged(4 + i));
}

/** Five characters for four bytes, two to four for fewer at the end. */
function text85(bytes: Buffer): string {
  const groups = Array.from({ length: Math.ceil(bytes.length / 4) }, (_, at) => {
    const group = bytes.subarray(at * 4, at * 4 + 4);
    let value = Buffer.concat([group, Buffer.alloc(3)]).readUInt32BE();
    if (value === 0 && group.length === 4) return 'z';
    const chars = [0, 0, 0, 0, 0].map(() => {
      const char = String.fromCharCode(33 + (value % 85));
      value = Math.floor(value / 85);
      return char;
    });
    return chars
      .reverse()
      .join('')
      .slice(0, group.length + 1);
  });
  return `${groups.join('\n')}~>`;
}

describe('what a page draws', () => {
  it.each([
    ['garbled', damaged],
    ['cut off', packedStream(packed.subarray(0, 30))],
    ['packed without an end', packedStream(flushed)],
    ['of another sum', packedStream(wrongSum)],
    ['not packed though it says so', stream('no packed data', '/Filter/FlateDecode')],
    ['garbled, written as text', stream(text85(garbled), '/Filter[/ASCII85Decode/FlateDecode]')],
    ['garbled, in hexadecimal', stream(`${garbled.toString('hex')}>`, '/Filter[/AHx/Fl]')],
    ['garbled, in a list of one filter', stream(garbled.toString('latin1'), '/Filter [ /FlateDecode ]')],
  ])('is damaged where it is %s', (_, content) => {
    expect(damageOf([sound, content, sound])).toEqual([false, true, false]);
  });

  it.each([
    ['blank', packedStream(deflateSync(''))],
    ['empty', stream('', '/Filter/FlateDecode')],
    ['not packed', stream('BT ET')],
    ['packed in an unknown way', stream(garbled.toString('latin1'), '/Filter[/LZWDecode/FlateDecode]')],
    ['written as text', stream(text85(packed), '/Filter[/ASCII85Decode/FlateDecode]')],
    ['written as text, with another name', stream(text85(packed), '/Filter [ /A85 /Fl ]')],
    ['written in hexadecimal', stream(`${packed.toString('hex')}>`, '/Filter[/ASCIIHexDecode/FlateDecode]')],
    ['without its sum', packedStream(packed.subarray(0, -4))],
    ['followed by something', packedStream(Buffer.concat([packed, Buffer.from('\r\n%')]))],
    ['no stream', '<<>>'],
    ['itself', '[4 0 R]'],
  ])('is sound where it is %s', (_, content) => {
    expect(damageOf([content])).toEqual([false]);
  });

  it('may be in several streams', () => {
    expect(damageOf(['[6 0 R 7 0 R]'], [sound, damaged])).toEqual([true]);
    expect(damageOf(['[6 0 R 7 0 R]'], [sound, sound])).toEqual([false]);
  });

  describe('in a form', () => {
    const form = (content: Buffer, entries = ''): string =>
      stream(content.toString('latin1'), `/Subtype/Form/Filter/FlateDecode${entries}`);
    const drawing = packedStream(deflateSync('/Fm1 Do'));
    const page = (resources: string): string => `<</Type/Page/Contents 5 0 R/Resources${resources}>>`;
    const isDamaged = (...objects: string[]): boolean => contentCheck(contentsPdfOf([drawing], objects))(6);

    it.each(['<</XObject<</Fm0 9 0 R/Fm1 7 0 R>>>>', '8 0 R'])('is looked at: %s', (resources) => {
      const more = ['<</Font<<>>/XObject 9 0 R>>', '<</Fm1 7 0 R>>'];
      expect(isDamaged(page(resources), form(garbled), ...more)).toBe(true);
      expect(isDamaged(page(resources), form(packed), ...more)).toBe(false);
    });

    it('is looked at within another, once', () => {
      const outer = form(deflateSync('/Fm2 Do'), '/Resources<</XObject<</Fm2 8 0 R>>>>');
      const inner = (content: string): string => form(deflateSync(content));
      const first = page('<</XObject<</Fm1 7 0 R>>>>');
      expect(isDamaged(first, outer, form(garbled))).toBe(true);
      expect(isDamaged(first, outer, inner('/Fm1 Do'))).toBe(false);
    });

    it('is not looked at where the page does not draw it, or it is a picture', () => {
      expect(isDamaged(page('<</XObject<</Fm0 7 0 R>>>>'), form(garbled))).toBe(false);
      const picture = stream(garbled.toString('latin1'), '/Subtype/Image/Filter/FlateDecode');
      expect(isDamaged(page('<</XObject<</Fm1 7 0 R>>>>'), picture)).toBe(false);
    });
  });

  it.each([
    ['F1', garbled, true],
    ['F1', packed, false],
    ['F2', garbled, false],
  ])('is damaged where what tells the characters of its font is: %s', (name, map, told) => {
    const page = `<</Type/Page/Contents 5 0 R/Parent 9 0 R>>`;
    const more = ['<</Type/Font/ToUnicode 8 0 R>>', packedStream(map)];
    const tree = `<</Type/Pages/Resources<</Font<</${name} 7 0 R>>>>>>`;
    expect(contentCheck(contentsPdfOf([sound], [page, ...more, tree]))(6)).toBe(told);
  });

  it('is found of pages that are packed objects', () => {
    const pages = ['<</Type/Page/Contents[5 0 R]>>', '<</Type/Page/Contents 6 0 R>>'];
    const places = `20 0 21 ${pages[0]!.length} `;
    const data = deflateSync(places + pages.join('')).toString('latin1');
    const objects = stream(data, `/Type/ObjStm/N 2/First ${places.length}/Filter/FlateDecode`);
    const isDamaged = contentCheck(contentsPdfOf([damaged], [sound, objects]));
    expect([20, 21, 22].map(isDamaged)).toEqual([true, false, false]);
  });

  it('is what the newest object of its number is', () => {
    const file = Buffer.from(contentsPdfOf([damaged]));
    const mended = Buffer.concat([file, Buffer.from(`5 0 obj\n${sound}\nendobj\n`, 'latin1')]);
    expect([file, mended].map((bytes) => contentCheck(bytes)(4))).toEqual([true, false]);
  });

  it('is not looked at where it is encrypted', () => {
    const file = Buffer.concat([contentsPdfOf([damaged]), Buffer.from('trailer<</Encrypt 9 0 R>>')]);
    expect(contentCheck(file)(4)).toBe(false);
  });
});
