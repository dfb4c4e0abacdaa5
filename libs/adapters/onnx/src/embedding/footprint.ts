import type { CatalogueEntry } from '../catalogue/entry.ts';

/** Node, ONNX Runtime and what a run needs, in bytes. */
const WORKER_BYTES = 130_000_000;
/** Bytes in memory for each of the model's file: the weights, and what the runtime packs them into. */
const BYTES_PER_FILE_BYTE = 2;

/**
 * Resident memory of all processes of a model: reckoned from the size of its files until they have told, and from the
 * largest that one of them ever took after that.
 */
export class Footprint {
  private readonly expected: number;
  private largest = 0;

  constructor(
    { files }: Pick<CatalogueEntry, 'files'>,
    private readonly processes: number,
  ) {
    const fileBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    this.expected = WORKER_BYTES + BYTES_PER_FILE_BYTE * fileBytes;
  }

  get bytes(): number {
    return this.processes * (this.largest || this.expected);
  }

  /** @param bytes of each process, as it said last */
  note(bytes: readonly number[]): void {
    this.largest = Math.max(this.largest, ...bytes);
  }
}
