export type AudioFormat = 'wav' | 'flac' | 'mp3';

/** What the first bytes say it is; a file's name is not looked at. */
export function sniffFormat(bytes: Uint8Array): AudioFormat | undefined {
  const starts = (text: string, at = 0): boolean =>
    Buffer.from(
      bytes.buffer,
      bytes.byteOffset + at,
      Math.max(0, Math.min(text.length, bytes.length - at)),
    ).toString('latin1') === text;
  if (starts('RIFF') && starts('WAVE', 8)) return 'wav';
  if (starts('fLaC')) return 'flac';
  // MPEG audio, layer III: eleven sync bits, version not reserved; an ID3 tag may stand before it.
  const frame = bytes[0] === 0xff && (bytes[1]! & 0xe6) === 0xe2;
  return starts('ID3') || frame ? 'mp3' : undefined;
}
