import { describe, expect, it } from 'vitest';
import { sniffFormat } from './sniff-format.ts';

describe('sniffFormat', () => {
  it.each([
    ['wav', Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1')],
    ['flac', Buffer.from('fLaC\0')],
    ['mp3', Buffer.from('ID3\x04')],
    ['mp3', Buffer.from([0xff, 0xfb, 0x90, 0x64])],
    [undefined, Buffer.from('RIFF\x10\0\0\0AVI LIST', 'latin1')],
    [undefined, Buffer.from([0xff, 0xff, 0xff])],
    [undefined, Buffer.from('RI')],
    [undefined, Buffer.from('OggS')],
    [undefined, Buffer.alloc(0)],
  ])('says %s', (format, bytes) => {
    expect(sniffFormat(bytes)).toBe(format);
  });
});
