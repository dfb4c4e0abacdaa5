/** Rows of float32, little-endian, one after the other: the vectors blob, and base64 in the API. */
export function toBytes(vectors: readonly Float32Array[]): Uint8Array {
  const dims = vectors[0]?.length ?? 0;
  const rows = new Float32Array(vectors.length * dims);
  vectors.forEach((vector, row) => rows.set(vector, row * dims));
  return new Uint8Array(rows.buffer);
}

/** Copies: bytes may lie anywhere in a larger buffer, and `slice` of a Node Buffer is a view of it. */
export const fromBytes = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);
