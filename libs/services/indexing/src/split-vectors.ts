import { MillraceError } from '@millrace/contracts';

/** Little-endian float32 rows of `dims`, one a chunk, as embedding wrote them. */
export function splitVectors(bytes: Uint8Array, dims: number, rows: number): Float32Array[] {
  if (bytes.byteLength !== rows * dims * Float32Array.BYTES_PER_ELEMENT)
    throw new MillraceError('internal', {
      detail: `${bytes.byteLength} bytes of vectors do not make ${rows} rows of ${dims}`,
    });
  // A copy, because a blob's bytes need not be aligned to four.
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  return Array.from({ length: rows }, (_, row) => values.subarray(row * dims, (row + 1) * dims));
}
