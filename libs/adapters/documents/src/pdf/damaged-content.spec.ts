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

describe('what a page draws', () => {
  it.each([
    ['garbled', damaged],
    ['cut off', packedStream(packed.subarray(0, 30))],
    ['packed without an end', packedStream(flushed)],
    ['of another sum', packedStream(wrongSum)],
    ['not packed though it says so', stream('no packed data', '/Filter/FlateDecode')],
    ['garbled, in a list of one filter', stream(garbled.toString('latin1'), '/Filter [ /FlateDecode ]')],
  ])('is damaged where it is %s', (_, content) => {
    expect(damageOf([sound, content, sound])).toEqual([false, true, false]);
  });

  it.each([
    ['blank', packedStream(deflateSync(''))],
    ['empty', stream('', '/Filter/FlateDecode')],
    ['not packed', stream('BT ET')],
    ['packed in two ways', stream(garbled.toString('latin1'), '/Filter[/ASCII85Decode/FlateDecode]')],
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
