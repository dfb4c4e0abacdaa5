/** Samples in memory that is claimed as they come and never moved: an hour takes 230 MB, a minute 4 MB. */
export class SampleStore {
  private readonly buffer: ArrayBuffer;
  length = 0;

  /** @param capacity in samples */
  constructor(readonly capacity: number) {
    this.buffer = new ArrayBuffer(0, { maxByteLength: capacity * Float32Array.BYTES_PER_ELEMENT });
  }

  append(samples: Float32Array): void {
    this.buffer.resize((this.length + samples.length) * Float32Array.BYTES_PER_ELEMENT);
    new Float32Array(this.buffer).set(samples, this.length);
    this.length += samples.length;
  }

  /** A view, until the next `append`. */
  get all(): Float32Array {
    return new Float32Array(this.buffer);
  }

  /** A copy; silence stands for what lies outside. */
  slice(start: number, end: number): Float32Array {
    const piece = new Float32Array(end - start);
    const from = Math.max(0, start);
    piece.set(this.all.subarray(from, Math.min(this.length, end)), from - start);
    return piece;
  }
}
