/** What the first bytes of a file say it is. */
export type Magic =
  { readonly is: 'pdf' | 'zip' | 'ole' } | { readonly is: 'foreign'; readonly what: string };

/** Offset, bytes in hexadecimal (`..` any byte), what it is. All have a NUL byte in their first kilobyte. */
const foreign: readonly (readonly [offset: number, hex: string, what: string])[] = [
  [0, '89504e470d0a1a0a', 'a PNG image'],
  [0, 'ffd8ff', 'a JPEG image'],
  [0, '47494638', 'a GIF image'],
  [0, '49492a00', 'a TIFF image'],
  [0, '4d4d002a', 'a TIFF image'],
  [0, '52494646........57454250', 'a WebP image'],
  [0, '52494646........57415645', 'WAV audio'],
  [0, '494433', 'MP3 audio'],
  [0, 'fffb', 'MP3 audio'],
  [0, 'fff3', 'MP3 audio'],
  [0, '664c6143', 'FLAC audio'],
  [0, '4f676753', 'Ogg audio'],
  [4, '66747970', 'an MP4 or HEIC file'],
  [0, '1a45dfa3', 'a Matroska or WebM video'],
  [0, '1f8b', 'a gzip archive'],
  [0, '425a68', 'a bzip2 archive'],
  [0, 'fd377a585a00', 'an xz archive'],
  [0, '28b52ffd', 'a zstd archive'],
  [0, '377abcaf271c', 'a 7z archive'],
  [0, '526172211a07', 'a RAR archive'],
  [257, '7573746172', 'a tar archive'],
  [0, '7f454c46', 'a program'],
  [0, '4d5a', 'a program'],
  [0, 'cafebabe', 'a program'],
  [0, '53514c69746520666f726d6174', 'an SQLite database'],
  [0, '50415231', 'a Parquet file'],
];

/** A PDF's header may stand anywhere in the first 1024 bytes (PDF 1.7, appendix H). */
const pdfHeaderWithin = 1024;
/** Its last lines are near its end. */
const pdfEndWithin = 2048;

export function magicOf(bytes: Uint8Array): Magic | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, pdfHeaderWithin));
  if (/^\s*%PDF-/.test(head.toString('latin1'))) return { is: 'pdf' };
  const hex = head.toString('hex');
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return { is: 'zip' };
  if (hex.startsWith('d0cf11e0a1b11ae1')) return { is: 'ole' };
  const what = head.includes(0) ? foreignKind(hex) : foreignText(head.toString('latin1'));
  if (what !== undefined) return { is: 'foreign', what };
  return hidesPdf(bytes, head) ? { is: 'pdf' } : undefined;
}

/** Where a header may stand; a text may have one as well. */
export const hasPdfHeader = (bytes: Uint8Array): boolean =>
  /%PDF-\d\.\d/.test(Buffer.from(bytes.subarray(0, pdfHeaderWithin)).toString('latin1'));

/** A PDF behind what a printer, a mail program or an upload has left before it; text that only speaks of one is text. */
function hidesPdf(bytes: Uint8Array, head: Buffer): boolean {
  if (!hasPdfHeader(bytes)) return false;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return head.includes(0) || (whole.subarray(-pdfEndWithin).includes('startxref') && whole.includes(' obj'));
}

const foreignKind = (hex: string): string | undefined =>
  foreign.find(([offset, pattern]) => new RegExp(`^${pattern}`).test(hex.slice(offset * 2)))?.[2];

function foreignText(head: string): string | undefined {
  if (head.startsWith('{\\rtf')) return 'an RTF file';
  return head.startsWith('%!PS') ? 'a PostScript file' : undefined;
}
